import { describe, expect, it } from 'vitest';
import { createNoiseLog } from '../../../src/gateway/upstream/noise-log.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';

describe('what a server prints beside its messages', () => {
  const redactor = createRedactor({ hashKey: new Uint8Array(32) });
  const noiseLog = () => createNoiseLog((text) => redactor.text(text));

  it('R24: is kept as redaction leaves it, from stderr and from stdout', () => {
    const log = noiseLog();
    log.add('connecting to postgres://app:noise-secret@db/main', 'stderr');
    log.add('password=noise-secret', 'stdout');
    log.add('\u001b[31mtoken: noise-secret\u001b[0m', 'stderr');
    expect(log.lines()).toHaveLength(3);
    expect(log.lines().join('\n')).toContain('connecting to postgres://');
    expect([...log.lines(), log.firstOnStdout()].join('\n')).not.toMatch(/noise-secret|\u001b/);
  });

  it('is bounded: the oldest lines go first', () => {
    const log = noiseLog();
    for (let line = 1; line <= 250; line += 1) log.add(`line ${line}`, 'stderr');
    expect(log.lines()).toHaveLength(200);
    expect(log.lines()[0]).toBe('line 51');
  });
});
