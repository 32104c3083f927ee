import { describe, expect, it } from 'vitest';
import { createNoiseLog } from '../../../src/gateway/upstream/noise-log.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';

describe('what a server prints beside its messages', () => {
  const redactor = createRedactor({ hashKey: new Uint8Array(32) });
  const noiseLog = () => createNoiseLog((text) => redactor.text(text));

  it('R24: is kept as redaction leaves it, from stderr and from stdout', () => {
    const log = noiseLog();
    log.add('connecting to postgres://app:noise-secret@db/main', 'stderr', 1);
    log.add('password=noise-secret', 'stdout', 2);
    log.add('\u001b[31mtoken: noise-secret\u001b[0m', 'stderr', 3);
    const texts = log.since(0).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts.join('\n')).toContain('connecting to postgres://');
    expect([...texts, log.firstOnStdout()].join('\n')).not.toMatch(/noise-secret|\u001b/);
  });

  it('has a number, a time and an origin for each line, and gives those after a number', () => {
    const log = noiseLog();
    expect(log.newest).toBe(0);
    log.add('one', 'stderr', 100);
    log.add('two', 'stdout', 200);
    expect(log.newest).toBe(2);
    expect(log.since(1)).toEqual([{ number: 2, at: 200, from: 'stdout', text: 'two' }]);
    expect(log.since(2)).toEqual([]);
  });

  it('is bounded: the oldest lines go first, and their numbers tell how many went', () => {
    const log = noiseLog();
    for (let line = 1; line <= 100_000; line += 1) log.add(`line ${line}`, 'stderr', line);
    const kept = log.since(0);
    expect(kept).toHaveLength(1_000);
    expect(kept[0]).toMatchObject({ number: 99_001, text: 'line 99001' });
    expect(log.newest).toBe(100_000);
  });

  it('redacts only what is read, so that a flood of lines costs little', () => {
    let redacted = 0;
    const log = createNoiseLog((text) => {
      redacted += 1;
      return text;
    });
    for (let line = 1; line <= 100_000; line += 1) log.add(`line ${line}`, 'stderr', line);
    expect(redacted).toBe(0);
    log.since(99_990);
    log.since(99_990);
    expect(redacted).toBe(10);
  });
});
