import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import { makePayload, makeSpan } from '../support/make-span.ts';

const SECRET = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';

function redactor() {
  return createRedactor({ hashKey: new Uint8Array(32) });
}

function claim(path: string, start: number, end: number, more: Partial<Finding> = {}): Finding {
  return { path, start, end, rule: 'key-name', kind: 'password', length: '9-16', hash: 'ab'.repeat(8), ...more };
}

const rich = makeSpan({
  name: `run ${SECRET}`,
  traceState: `vendor=${SECRET}`,
  status: { code: 'error', message: `could not use ${SECRET}` },
  attributes: { authorization: 'Bearer correct-horse-battery', list: ['plain', SECRET], [`see ${SECRET}`]: 'x' },
  events: [{ name: 'said', time: makeSpan().startTime, attributes: { 'log.record.original': `token=${SECRET}` } }],
  links: [{ traceId: makeSpan().traceId, spanId: makeSpan().spanId, attributes: { note: SECRET } }],
  origin: { resource: { 'process.command_args': ['--key', SECRET] }, scopeName: SECRET, scopeVersion: '1' },
});

describe('what others made', () => {
  it('S25: is redacted as if it had never been, whatever it says of itself', () => {
    const everywhere = ['/name', '/attributes/authorization', '/attributes/list/1', ''].map((path) =>
      claim(path, 0, 200, { rule: 'x' }),
    );
    const span = redactor().spanFromOutside(rich, everywhere);
    expect(JSON.stringify(span, (_, value: unknown) => (typeof value === 'bigint' ? '' : value))).not.toContain(
      'ghp_aB3',
    );
    expect(span.attributes['authorization']).toBe('Bearer •••');
    expect(span.findings.some(({ rule }) => rule === 'x')).toBe(false);
    const after = redactor().spanFromOutside(makeSpan({ attributes: { password: '•••and-the-rest-of-it' } }), [
      claim('/attributes/password', 0, 3),
    ]);
    expect(after.attributes).toEqual({ password: '•••' });
    expect(after.findings).toHaveLength(1);
    expect(after.findings[0]?.hash).not.toBe('ab'.repeat(8));
  });

  it('R26: keeps every finding of what was redacted and written before', () => {
    const first = redactor().span(rich);
    expect(first.findings.length).toBeGreaterThan(7);
    expect(redactor().spanFromOutside(first, first.findings)).toEqual(first);
    for (const text of [
      `{"a":{"password":"hunter2hunter2"},"n":["${SECRET}"]}`,
      '{"password":"x1"}',
      `plain password=hunter2hunter2`,
    ]) {
      const body = redactor().payload({ ...makePayload(), text, originalBytes: text.length });
      expect(body.findings.length).toBeGreaterThan(0);
      expect(redactor().payloadFromOutside(body, body.findings)).toEqual(body);
    }
  });

  it('keeps every finding of a body that was cut, and that it was', () => {
    const small = createRedactor({ hashKey: new Uint8Array(32), limits: { payloadBytes: 200 } });
    const text = JSON.stringify({ password: 'hunter2hunter2', long: 'x'.repeat(1_000) });
    const body = small.payload({ ...makePayload(), text, originalBytes: Buffer.byteLength(text) });
    expect(body).toMatchObject({ truncated: true, findings: [{ path: '/_preview' }] });
    expect(small.payloadFromOutside(body, body.findings)).toEqual(body);
  });

  it.each<[string, Finding]>([
    ['outside of the text', claim('/attributes/note', 4, 60)],
    ['where no mask stands', claim('/attributes/note', 0, 3)],
    ['at a part of a mask and of something else', claim('/attributes/note', 2, 5)],
    ['with an end before its start', claim('/attributes/note', 7, 4)],
    ['that is no whole number', claim('/attributes/note', 4.5, 7.5)],
    ['at a place that there is not', claim('/attributes/other', 4, 7)],
    ['at something inherited', claim('/attributes/constructor/name', 0, 0)],
    ['at what is no text', claim('/attributes', 0, 0)],
    ['with a hash that is none', claim('/attributes/note', 4, 7, { hash: SECRET })],
    ['with a rule that is a secret', claim('/attributes/note', 4, 7, { rule: SECRET })],
    ['with a kind that is a secret', claim('/attributes/note', 4, 7, { kind: SECRET })],
  ])('loses a finding %s', (_, wrong) => {
    const span = makeSpan({ attributes: { note: 'see ••• there' } });
    const right = claim('/attributes/note', 4, 7);
    expect(redactor().spanFromOutside(span, [wrong, right]).findings).toEqual([right]);
  });

  it('loses a finding where something was hidden just now', () => {
    const span = makeSpan({ attributes: { note: `••• ${SECRET}` } });
    const { attributes, findings } = redactor().spanFromOutside(span, [claim('/attributes/note', 0, 3)]);
    expect(attributes).toEqual({ note: '••• •••' });
    expect(findings.map(({ start }) => start).sort()).toEqual([0, 4]);
    const claimed = redactor().spanFromOutside(span, [claim('/attributes/note', 4, 7)]);
    expect(claimed.findings).toHaveLength(1);
    expect(claimed.findings[0]?.hash).not.toBe('ab'.repeat(8));
  });

  it('lists no more findings than of anything else', () => {
    const many = Array.from({ length: 2_000 }, () => claim('/attributes/note', 0, 3));
    const span = makeSpan({ attributes: { note: '•••' } });
    expect(redactor().spanFromOutside(span, many).findings).toHaveLength(1_000);
  });
});
