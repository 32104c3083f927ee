import { describe, expect, it } from 'vitest';
import { traceLine, traceTree, type TreeSpan } from '../../../src/runtime/http/tree.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { fakeDetail, fakePayload, fakeSpan, fakeSummary, spanId } from '../../support/fake-services.ts';

function treeOf(spans: readonly RedactedSpan[]) {
  return traceTree({ summary: fakeSummary(), spans, payloads: [] }, []).spans;
}

function outline(spans: readonly TreeSpan[]): unknown {
  return spans.map((span) => (span.children.length === 0 ? span.name : [span.name, outline(span.children)]));
}

function count(spans: readonly TreeSpan[]): number {
  return spans.reduce((sum, span) => sum + 1 + count(span.children), 0);
}

describe('traceLine', () => {
  it('gives times as ISO text and the duration in milliseconds', () => {
    const line = traceLine(fakeSummary());
    expect(line).toMatchObject({
      startTime: '2025-06-15T15:06:40.000Z',
      endTime: '2025-06-15T15:06:40.250Z',
      durationMs: 250,
    });
  });

  it('leaves the duration of a running trace open', () => {
    const line = traceLine(fakeSummary({ endTime: null, status: 'pending', openSpanCount: 1 }));
    expect(line).toMatchObject({ endTime: null, durationMs: null, status: 'pending', openSpanCount: 1 });
  });

  it('survives times that no date can hold', () => {
    const line = traceLine(fakeSummary({ startTime: unixNano(2n ** 64n - 1n), endTime: unixNano(2n ** 80n) }));
    expect(line.startTime).toBe('2554-07-21T23:34:33.709Z');
    expect(line.endTime).toBe('+275760-09-13T00:00:00.000Z');
  });
});

describe('traceTree', () => {
  it('nests spans below their parents, open ones included, siblings by start time', () => {
    const spans = [fakeSpan(4, 1), fakeSpan(3, 2, { endTime: null }), fakeSpan(1, null), fakeSpan(2, 1)];
    const tree = treeOf(spans);
    expect(outline(tree)).toEqual([['span 1', [['span 2', ['span 3']], 'span 4']]]);
    expect(tree[0]?.children[0]?.children[0]).toMatchObject({ open: true, endTime: null, durationMs: null });
    expect(tree[0]).toMatchObject({ open: false, durationMs: 100, startTimeUnixNano: '1750000000001000000' });
  });

  it('keeps the order of the store for spans that start together', () => {
    const startTime = fakeSpan(1, null).startTime;
    const spans = [1, 2, 3].map((id) => fakeSpan(id, null, { startTime }));
    expect(outline(treeOf(spans))).toEqual(['span 1', 'span 2', 'span 3']);
  });

  it('R66: makes a span a root when its parent is not here', () => {
    expect(outline(treeOf([fakeSpan(2, 99), fakeSpan(3, 2)]))).toEqual([['span 2', ['span 3']]]);
  });

  it('shows every span of a ring of parents exactly once', () => {
    const tree = treeOf([fakeSpan(1, 3), fakeSpan(2, 1), fakeSpan(3, 2), fakeSpan(4, 4)]);
    expect(outline(tree)).toEqual([['span 1', [['span 2', ['span 3']]]], 'span 4']);
  });

  it('can be written as JSON however deep the trace is, and loses no span', () => {
    const spans = Array.from({ length: 20_000 }, (_, id) => fakeSpan(id + 1, id === 0 ? null : id));
    const text = JSON.stringify(treeOf(spans));
    expect(text.match(/"spanId"/g)).toHaveLength(20_000);
  });

  it('shows a wide trace whole', () => {
    const spans = [fakeSpan(1, null), ...Array.from({ length: 5_000 }, (_, id) => fakeSpan(id + 2, 1))];
    expect(count(treeOf(spans))).toBe(5_001);
  });

  it('carries findings, payloads and an empty plugin chain', () => {
    const finding = {
      path: '/a',
      start: 0,
      end: 3,
      rule: 'key-name',
      kind: 'password',
      length: '1-8',
      hash: 'h',
    } as const;
    const detail = { ...fakeDetail(), spans: [fakeSpan(1, null, { findings: [finding] }), fakeSpan(2, 1)] };
    const tree = traceTree(detail, [fakePayload(2, 'request', '{"q":1}'), fakePayload(2, 'response', '{"r":2}')]);
    const [root] = tree.spans;
    expect(tree.traceId).toBe(detail.summary.traceId);
    expect(root).toMatchObject({ findings: [finding], payloads: [], pluginChain: [] });
    expect(root?.children[0]?.payloads).toMatchObject([
      { direction: 'request', text: '{"q":1}' },
      { direction: 'response', text: '{"r":2}' },
    ]);
  });

  it('writes times of events and the origin of each span', () => {
    const event = { name: 'exception', time: unixNano(1_750_000_000_005_000_000n), attributes: { a: 1 } };
    const [span] = treeOf([fakeSpan(1, null, { events: [event] })]);
    expect(span).toMatchObject({
      spanId: spanId(1),
      events: [{ name: 'exception', time: '2025-06-15T15:06:40.005Z', attributes: { a: 1 } }],
      service: 'throughline',
      scope: { name: 'test', version: null },
    });
  });
});
