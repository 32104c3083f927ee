import { describe, expect, it } from 'vitest';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { encodeSpans, parseSpans } from '../../../src/store/codec/span-rows.ts';
import { factsOfRows } from '../../../src/store/summary/span-facts.ts';
import { TraceAggregate } from '../../../src/store/summary/trace-aggregate.ts';
import { makeSpan, spanIdOf } from '../../support/make-span.ts';

function summaryOf(...spans: RedactedSpan[]) {
  const aggregate = new TraceAggregate();
  for (const facts of factsOfRows(parseSpans(encodeSpans(spans)), 1)) aggregate.upsertSpan(facts);
  return aggregate.summary();
}

const root = makeSpan({ spanId: spanIdOf(1), name: 'POST /mcp' });

function child(overrides: Parameters<typeof makeSpan>[0] = {}) {
  return makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1), ...overrides });
}

describe('what is said of a trace, whatever its spans are called and whoever made them', () => {
  it('R94: is the same whether spans are named as the seed or as the conventions name them', () => {
    const tree = (operation: Parameters<typeof makeSpan>[0], call: string) =>
      summaryOf(
        root,
        child({
          ...operation,
          attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'echo', 'throughline.server.id': 'one' },
        }),
        makeSpan({
          spanId: spanIdOf(3),
          parentSpanId: spanIdOf(2),
          name: call,
          kind: 'client',
          status: { code: 'error', message: 'no' },
          attributes: { 'mcp.method.name': 'tools/call', 'mcp.protocol.version': '2025-11-25' },
        }),
      );
    const seed = tree({ name: 'tool.invoke', kind: 'internal' }, 'mcp.client.call');
    expect(tree({ name: 'tools/call echo', kind: 'server' }, 'tools/call echo')).toEqual(seed);
    expect(seed).toMatchObject({ method: 'tools/call', target: 'echo', serverIds: ['one'], status: 'error' });
  });

  it('R55: a health check stays one when the server\u2019s own spans stand below it', () => {
    const check = makeSpan({ name: 'server.health', kind: 'internal', attributes: { 'throughline.upkeep': 'health' } });
    expect(summaryOf(check, child({ name: 'ping', kind: 'server' }))).toMatchObject({ upkeep: 'health' });
  });

  it('R37: a stream counts as upkeep unless its client calls something in the same trace', () => {
    const stream = makeSpan({ name: 'GET /mcp', attributes: { 'throughline.upkeep': 'stream' } });
    expect(summaryOf(stream)).toMatchObject({ upkeep: 'stream' });
    expect(summaryOf(stream, { ...root, spanId: spanIdOf(2) })).toMatchObject({ upkeep: null });
  });
});
