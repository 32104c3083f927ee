import { describe, expect, it } from 'vitest';
import { ownLogLines, spanLog } from '../../../renderer/model/span-log.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import type { Finding } from '../../../src/shared/domain/redacted.ts';
import { makeSpan, spanIdOf } from '../../support/make-trace.ts';

const finding: Finding = {
  path: '/events/1/attributes/log.record.original',
  start: 6,
  end: 9,
  rule: 'key-value',
  kind: 'token',
  length: '9-16',
  hash: 'h',
};

const printed = (at: number, text: string, stream = 'stderr') => ({
  name: 'server.log',
  at,
  attributes: { 'log.iostream': stream, 'log.record.original': text },
});

const spans = [
  makeSpan({ id: 0, name: 'tool.invoke', start: 10, end: 100 }),
  makeSpan({
    id: 1,
    parent: 0,
    name: 'mcp.client.call',
    start: 20,
    end: 90,
    attributes: { 'throughline.server.id': 'bench', 'throughline.log.dropped': 4 },
    events: [printed(60, 'late'), printed(30, 'token=•••', 'stdout'), { name: 'notifications/progress', at: 40 }],
    findings: [finding],
  }),
  makeSpan({ id: 2, name: 'elsewhere', start: 10, end: 20 }),
];
const tree = buildSpanTree(spans);
const logOf = (id: number) => {
  const node = tree.byId.get(spanIdOf(id));
  if (node === undefined) throw new Error('No such span.');
  return spanLog(node);
};

describe('what a server printed while a call ran', () => {
  it('is told at the call and at every span around it, oldest first, from that span’s own start', () => {
    expect(logOf(1).lines.map(({ offsetMs, from, text }) => [offsetMs, from, text])).toEqual([
      [10, 'stdout', 'token=•••'],
      [40, 'stderr', 'late'],
    ]);
    expect(logOf(0).lines.map(({ offsetMs, serverId }) => [offsetMs, serverId])).toEqual([
      [20, 'bench'],
      [50, 'bench'],
    ]);
  });

  it('keeps what was hidden in a line, what was dropped, and whose log it is', () => {
    const { lines, dropped, serverIds } = logOf(0);
    expect(lines[0]?.findings).toEqual([finding]);
    expect(lines[1]?.findings).toEqual([]);
    expect(dropped).toBe(4);
    expect(serverIds).toEqual(['bench']);
    expect(logOf(2)).toEqual({ lines: [], dropped: 0, serverIds: [] });
  });

  it('is counted by the span that carries it, without its other events', () => {
    expect(spans.map(ownLogLines)).toEqual([0, 2, 0]);
  });
});
