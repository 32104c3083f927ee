import { describe, expect, it } from 'vitest';
import { ancestorsOf, collapsibleIds, nextFailed, visibleRows } from '../../../renderer/model/rows.ts';
import { buildSpanTree, EMPTY_TREE } from '../../../renderer/model/span-tree.ts';
import type { SpanNode } from '../../../renderer/model/span-tree.ts';
import { makeSpan, spanIdOf } from '../../support/make-trace.ts';

/*
 * 0 POST /mcp
 * └ 1 tool.invoke
 *   └ 2 mcp.client.call (everything)
 *     ├ 3 mcp.client.request
 *     └ 4 mcp.client.response (failed)
 */
const call = [
  makeSpan({ id: 4, parent: 2, name: 'mcp.client.response', start: 8, end: 9, error: 'no such tool' }),
  makeSpan({ id: 0, name: 'POST /mcp', end: 10 }),
  makeSpan({ id: 3, parent: 2, name: 'mcp.client.request', start: 3, end: 8 }),
  makeSpan({ id: 1, parent: 0, name: 'tool.invoke', start: 1, end: 9.5, attributes: { 'throughline.server.id': 'x' } }),
  makeSpan({
    id: 2,
    parent: 1,
    name: 'mcp.client.call',
    kind: 'client',
    start: 2,
    end: 9,
    attributes: { 'throughline.server.id': 'everything' },
  }),
];

const names = (rows: readonly { node: SpanNode }[]): readonly string[] => rows.map((row) => row.node.span.name);

describe('the span tree', () => {
  const tree = buildSpanTree(call);

  it('comes in order of start, parents first, however the spans arrived', () => {
    expect(names(visibleRows(tree, new Set()))).toEqual([
      'POST /mcp',
      'tool.invoke',
      'mcp.client.call',
      'mcp.client.request',
      'mcp.client.response',
    ]);
  });

  it('knows depth, place among siblings, times after the start and its length', () => {
    const response = tree.byId.get(spanIdOf(4));
    expect(response).toMatchObject({ depth: 3, position: 2, siblings: 2, startMs: 8, endMs: 9 });
    expect(tree.lengthMs).toBe(10);
    expect(tree.openSpans).toBe(0);
  });

  it('gives what lies below a client call the colour of its server, and the gateway none', () => {
    expect([0, 1, 2, 3].map((id) => tree.byId.get(spanIdOf(id))?.owner)).toEqual([
      'throughline',
      'throughline',
      'everything',
      'everything',
    ]);
  });

  it('gives the spans of another service their own colour', () => {
    const joined = buildSpanTree([...call, makeSpan({ id: 9, parent: 3, service: 'github-server', start: 4, end: 5 })]);
    expect(joined.byId.get(spanIdOf(9))?.owner).toBe('github-server');
  });

  it('tells every ancestor that something below failed', () => {
    expect([0, 1, 2, 3, 4].map((id) => tree.byId.get(spanIdOf(id))?.errorBelow)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('R66: shows a trace whose remote parent never arrived whole, from its own first span', () => {
    const orphan = buildSpanTree([
      makeSpan({ id: 1, parent: 77, parentIsRemote: true }),
      makeSpan({ id: 2, parent: 1, start: 0.2 }),
    ]);
    expect(orphan.roots).toHaveLength(1);
    expect(orphan.byId.size).toBe(2);
  });

  it('counts open spans and gives them no end', () => {
    const open = buildSpanTree([makeSpan({ id: 0, end: null }), makeSpan({ id: 1, parent: 0, start: 3, end: null })]);
    expect(open.openSpans).toBe(2);
    expect(open.lengthMs).toBe(3);
    expect(open.byId.get(spanIdOf(1))?.endMs).toBeNull();
  });

  it('cuts a ring of parents instead of losing it or running for ever', () => {
    const ring = buildSpanTree([
      makeSpan({ id: 0 }),
      makeSpan({ id: 1, parent: 2 }),
      makeSpan({ id: 2, parent: 1 }),
      makeSpan({ id: 3, parent: 3 }),
    ]);
    expect(visibleRows(ring, new Set())).toHaveLength(4);
  });

  it('holds 20,000 spans in one line of descent', () => {
    const deep = Array.from({ length: 20_000 }, (_, id) => makeSpan({ id, parent: id === 0 ? null : id - 1 }));
    const rows = visibleRows(buildSpanTree(deep), new Set());
    expect(rows.at(-1)?.node.depth).toBe(19_999);
  });

  it('of no spans is empty', () => {
    expect(buildSpanTree([])).toBe(EMPTY_TREE);
  });
});

describe('rows', () => {
  const tree = buildSpanTree(call);

  it('leave out what is below a collapsed span, and count it', () => {
    const rows = visibleRows(tree, new Set([spanIdOf(2)]));
    expect(names(rows)).toEqual(['POST /mcp', 'tool.invoke', 'mcp.client.call']);
    expect(rows.at(-1)).toMatchObject({ expanded: false, node: { descendants: 2 } });
  });

  it('are all but the root folded away by collapsing all', () => {
    expect(names(visibleRows(tree, collapsibleIds(tree)))).toEqual(['POST /mcp']);
  });

  it('know the way up', () => {
    expect(ancestorsOf(tree, spanIdOf(3)).map((node) => node.span.name)).toEqual([
      'POST /mcp',
      'tool.invoke',
      'mcp.client.call',
    ]);
  });

  it('lead from error to error in both directions and round the end', () => {
    const two = buildSpanTree([...call, makeSpan({ id: 5, parent: 0, start: 9.8, end: 9.9, error: 'late' })]);
    expect(nextFailed(two, null, 1)).toBe(spanIdOf(4));
    expect(nextFailed(two, spanIdOf(4), 1)).toBe(spanIdOf(5));
    expect(nextFailed(two, spanIdOf(5), 1)).toBe(spanIdOf(4));
    expect(nextFailed(two, null, -1)).toBe(spanIdOf(5));
    expect(nextFailed(buildSpanTree([makeSpan({ id: 0 })]), null, 1)).toBeNull();
  });
});
