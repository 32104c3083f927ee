import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { createEncodeLeaving } from '../../src/runtime/leaving-groups.ts';
import { makePayload, makeSpan } from '../support/make-span.ts';

describe('what leaves', () => {
  it.each([
    ['tool.invoke', 'internal'],
    ['tools/call echo', 'server'],
  ] as const)('R22: has the bodies that were chosen by name, whether the span is called %s or not', (name, kind) => {
    const attributes = { 'mcp.method.name': 'tools/call' };
    const origin = { resource: {}, scopeName: 'throughline', scopeVersion: null };
    const spans = [makeSpan({ name, kind, attributes, origin })];
    const payloads = [makePayload({ text: '{"said":"hello"}' })];
    const encode = createEncodeLeaving(createRedactor({ hashKey: new Uint8Array(32) }));
    const leaving = (names: readonly string[]): string =>
      Buffer.from(
        encode({ spans, payloads }, { format: 'otlp-json', withPayloads: { requests: names, responses: 'none' } }),
      ).toString();
    expect(leaving(['tool.invoke'])).toContain('hello');
    expect(leaving(['mcp.client.call'])).not.toContain('hello');
  });
});
