import { describe, expect, it } from 'vitest';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import { decodeSpans, encodeSpans } from '../../../src/store/codec/span-rows.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';

const FAR = unixNano(2n ** 64n - 1n);

describe('spans as they are stored', () => {
  it('come back as they were: times far apart, parents here and elsewhere, several origins', () => {
    const other = { resource: { 'service.name': 'server', n: 1 }, scopeName: 'x', scopeVersion: '2' };
    const spans = [
      makeSpan(),
      makeSpan({
        spanId: spanIdOf(2),
        parentSpanId: spanIdOf(1),
        startTime: unixNano(0n),
        endTime: FAR,
        origin: other,
      }),
      makeSpan({
        spanId: spanIdOf(3),
        parentSpanId: spanIdOf(99),
        parentIsRemote: true,
        kind: 'consumer',
        endTime: null,
      }),
      makeSpan({ spanId: spanIdOf(4), parentSpanId: spanIdOf(4), traceState: '', status: { code: 'ok', message: '' } }),
      makeSpan({
        spanId: spanIdOf(5),
        name: 'tool.invoke',
        attributes: { 'http.route': '/mcp', '0': '1', list: ['a'] },
      }),
    ];
    expect(decodeSpans(encodeSpans(spans), traceIdOf(1))).toEqual(spans);
    expect(decodeSpans(encodeSpans([]), traceIdOf(1))).toEqual([]);
  });

  it('keep an attribute that is called as the prototype is', () => {
    const attributes = JSON.parse('{"__proto__":"x","a":1}') as Record<string, string | number>;
    const [span] = decodeSpans(encodeSpans([makeSpan({ attributes })]), traceIdOf(1));
    expect(Object.entries(span?.attributes ?? {})).toEqual([
      ['__proto__', 'x'],
      ['a', 1],
    ]);
  });
});
