import { describe, expect, it } from 'vitest';
import { attemptNumbers } from '../../../renderer/model/attempts.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { makeSpan, spanIdOf, traceIdOf, type SpanWish } from '../../support/make-trace.ts';

const post = (wish: SpanWish): RedactedSpan =>
  makeSpan({ name: 'POST /mcp', kind: 'server', attributes: { 'http.request.method': 'POST' }, ...wish });

const operation = (wish: SpanWish): RedactedSpan =>
  makeSpan({ name: 'tool.invoke', attributes: { 'mcp.method.name': 'tools/call' }, ...wish });

const linkedTo = (span: RedactedSpan, traceId = traceIdOf(0)): RedactedSpan => ({
  ...span,
  links: [{ traceId, spanId: spanIdOf(1), attributes: {} }],
});

function numbers(...spans: RedactedSpan[]) {
  return Object.fromEntries(attemptNumbers(buildSpanTree(spans)));
}

const first = [post({ id: 0 }), operation({ id: 1, parent: 0 })];

describe('the attempts of an operation', () => {
  it('are the requests below it, counted from the one that began it, by when they came', () => {
    const third = post({ id: 4, parent: 1, start: 9 });
    const second = post({ id: 2, parent: 1, start: 5 });
    const below = operation({ id: 3, parent: 2, start: 5 });
    expect(numbers(...first, third, second, below)).toEqual({ [spanIdOf(2)]: 2, [spanIdOf(4)]: 3 });
  });

  it('are requests linked to it as well, whose client named another parent', () => {
    const elsewhere = linkedTo(post({ id: 2, parent: 99, parentIsRemote: true, start: 5 }));
    expect(numbers(...first, elsewhere)).toEqual({ [spanIdOf(2)]: 2 });
    const ofAnotherTrace = linkedTo(post({ id: 2, parent: 99, parentIsRemote: true, start: 5 }), traceIdOf(7));
    expect(numbers(...first, ofAnotherTrace)).toEqual({});
  });

  it('are nothing else: no first requests, no calls of servers, no requests below those', () => {
    expect(numbers(...first)).toEqual({});
    const call = makeSpan({ id: 2, parent: 1, kind: 'client', attributes: { 'mcp.method.name': 'tools/call' } });
    const served = post({ id: 3, parent: 2 });
    const foreign = makeSpan({ id: 4, parent: 1, kind: 'server' });
    expect(numbers(...first, call, served, foreign, post({ id: 5, start: 3 }))).toEqual({});
  });
});
