import { describe, expect, it } from 'vitest';
import { createFailureReporter, createLineLogger, type Logger } from '../../src/runtime/log.ts';
import type { RedactedText } from '../../src/shared/domain/redacted.ts';

function collect(): { lines: string[]; log: Logger } {
  const lines: string[] = [];
  return { lines, log: createLineLogger({ write: (text: string) => lines.push(text) }) };
}

const redactor = { text: (text: string) => text.replaceAll('hunter2', '***') as RedactedText };

describe('the log', () => {
  it('writes one line per entry with its level', () => {
    const { lines, log } = collect();
    log.info('one' as RedactedText);
    log.warn('two' as RedactedText);
    log.error('three' as RedactedText);
    expect(lines).toEqual(['throughline info: one\n', 'throughline warning: two\n', 'throughline error: three\n']);
  });

  it('S25: hears of failures through the redactor, without their stack unless debugging', () => {
    const { lines, log } = collect();
    createFailureReporter(log, redactor)('Reading', new Error('password hunter2 is wrong'));
    expect(lines).toEqual(['throughline error: Reading failed: password *** is wrong\n']);
    createFailureReporter(log, redactor, true)('Reading', new Error('hunter2'));
    expect(lines[1]).toMatch(/Error: \*\*\*\n\s+at /);
  });
});
