import { describe, expect, it } from 'vitest';
import { joinLines, neutralizeControls } from '../../src/redaction/controls.ts';

describe('control characters', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;https://h\u001b\\link', 'link'],
    ['\u009b31mred', 'red'],
    ['a\u0000b\u0007c\u007fd\u0085e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
    ['gpj.\u202efdp.exe', 'gpj.\ufffdfdp.exe'],
    ['\u2066isolate\u2069 \u200fmark', '\ufffdisolate\ufffd \ufffdmark'],
    ['line\r\nline\rline', 'line\nline\nline'],
    ['\u001b', '\ufffd'],
  ])('R27: %j becomes %j', (text, expected) => {
    expect(neutralizeControls(text)).toBe(expected);
  });

  it.each(['tab\tand\nline', 'naïve 日本語 😀 👩\u200d💻', ''])('leaves %j as it is', (text) => {
    expect(neutralizeControls(text)).toBe(text);
  });
});

describe('lines', () => {
  it('R27: become one line, so that no log line can be forged', () => {
    expect(joinLines('first\n\nsecond\n')).toBe('first ⏎ second');
  });
});
