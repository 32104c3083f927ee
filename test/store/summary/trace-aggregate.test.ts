import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { Attributes } from '../../../src/shared/domain/span.ts';
import { encodeSpans, parseSpans } from '../../../src/store/codec/span-rows.ts';
import type { Facet } from '../../../src/store/summary/facets.ts';
import { factsOfRows, type SpanFacts } from '../../../src/store/summary/span-facts.ts';
import { TraceAggregate } from '../../../src/store/summary/trace-aggregate.ts';
import { makePayload, makeSpan, spanIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';
import { naiveSummary } from './naive-summary.ts';

function factsFrom(span: RedactedSpan): SpanFacts {
  const [facts] = factsOfRows(parseSpans(encodeSpans([span])), 1);
  if (facts === undefined) throw new Error('A span has facts');
  return facts;
}

function summaryOf(...spans: RedactedSpan[]) {
  const aggregate = new TraceAggregate();
  for (const span of spans) aggregate.upsertSpan(factsFrom(span));
  return aggregate.summary();
}

const root = makeSpan({ spanId: spanIdOf(1), name: 'POST /mcp' });

function child(overrides: Parameters<typeof makeSpan>[0] = {}) {
  return makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'tool.invoke', ...overrides });
}

describe('status of a trace', () => {
  it('is pending while any span is open, whatever else happened', () => {
    const failed = child({ status: { code: 'error', message: 'x' }, attributes: { 'plugin.chain.stopped': true } });
    expect(summaryOf({ ...root, endTime: null }, failed)).toMatchObject({ status: 'pending', endTime: null });
  });

  it('is ok when all spans ended and none failed', () => {
    expect(summaryOf(root, child())).toMatchObject({ status: 'ok', errorMessage: null });
  });

  it('is blocked when a plugin stopped the call, and names the plugin', () => {
    const hook = child({
      status: { code: 'error', message: 'denied' },
      attributes: { 'plugin.chain.stopped': true, 'plugin.chain.stopped_by': 'SecretScan' },
    });
    expect(summaryOf(root, hook)).toMatchObject({ status: 'blocked', blockedBy: 'SecretScan', errorMessage: 'denied' });
  });

  it('is not blocked by a plugin chain that ran through', () => {
    const hook = child({ attributes: { 'plugin.chain.stopped': false, 'plugin.chain.stopped_by': 'SecretScan' } });
    expect(summaryOf(root, hook)).toMatchObject({ status: 'ok', blockedBy: null });
  });

  it('is cancelled when the root or the operation says so', () => {
    const cancelled: Attributes = { 'error.type': 'cancelled' };
    expect(summaryOf({ ...root, attributes: cancelled })).toMatchObject({ status: 'cancelled' });
    const operation = child({ attributes: { ...cancelled, 'mcp.method.name': 'tools/call' } });
    expect(summaryOf(root, operation)).toMatchObject({ status: 'cancelled' });
  });

  it('is an error when any span failed, or root or operation have an error type', () => {
    expect(summaryOf(root, child({ status: { code: 'error', message: null } }))).toMatchObject({ status: 'error' });
    expect(summaryOf({ ...root, attributes: { 'error.type': 'timeout' } })).toMatchObject({ status: 'error' });
    expect(
      summaryOf(root, child({ attributes: { 'mcp.method.name': 'tools/call', 'error.type': 'tool_error' } })),
    ).toMatchObject({ status: 'error' });
  });
});

describe('a trace whose client is asked something', () => {
  const served = (span: number, parent: number | null, start: bigint, attributes: Attributes = {}) =>
    makeSpan({
      spanId: spanIdOf(span),
      parentSpanId: parent === null ? null : spanIdOf(parent),
      startTime: unixNano(start),
      endTime: unixNano(start + 10n),
      attributes,
    });
  const first = served(1, null, 0n);
  const operation = child({
    kind: 'internal',
    startTime: unixNano(1n),
    endTime: unixNano(9n),
    attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'book' },
  });
  const wait = (span: number, start: bigint, end: bigint | null, rest: Attributes = {}) =>
    child({
      spanId: spanIdOf(span),
      parentSpanId: spanIdOf(2),
      kind: 'internal',
      name: 'mcp.input.wait',
      startTime: unixNano(start),
      endTime: end === null ? null : unixNano(end),
      attributes: { 'throughline.input.methods': ['elicitation/create'], ...rest },
    });

  it('tells what is waited for until the answer comes, and then how long that took', () => {
    expect(summaryOf(first, operation, wait(3, 8n, null))).toMatchObject({
      status: 'pending',
      waitsFor: ['elicitation/create'],
      waitedMs: 0,
    });
    const roots = wait(4, 3_000_000n, 9_000_000n, { 'throughline.input.methods': ['roots/list'] });
    expect(summaryOf(first, operation, wait(3, 1_000_000n, 4_000_000n), roots)).toMatchObject({
      status: 'ok',
      waitsFor: [],
      waitedMs: 8,
    });
  });

  it('is about what the first attempt asked for, and ends as the last one did', () => {
    const refused = served(5, 2, 30n, { 'rpc.response.status_code': '-32602' });
    const fine = served(6, 2, 40n);
    const waited = wait(3, 8n, 30n);
    expect(summaryOf(first, operation, waited, refused)).toMatchObject({
      name: 'POST /mcp',
      target: 'book',
      status: 'error',
    });
    expect(summaryOf(first, operation, waited, refused, fine)).toMatchObject({ status: 'ok' });
    const left = served(5, 2, 30n, { 'error.type': 'cancelled' });
    expect(summaryOf(first, operation, waited, left)).toMatchObject({ status: 'cancelled' });
    const held = { ...operation, endTime: unixNano(90n) };
    expect(summaryOf(first, held, waited, left)).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled when the client never came back, unless the operation went on without its answer', () => {
    const unanswered = { 'error.type': 'cancelled' };
    expect(summaryOf(first, operation, wait(3, 8n, 600n, unanswered))).toMatchObject({ status: 'cancelled' });
    expect(summaryOf(first, operation, wait(3, 5n, 9n, unanswered))).toMatchObject({ status: 'ok' });
  });

  it('is not taken for asked because another call of the same caller follows', () => {
    const other = served(5, 99, 30n, { 'error.type': 'cancelled' });
    expect(summaryOf(first, operation, other)).toMatchObject({ status: 'ok', waitsFor: [], waitedMs: 0 });
  });
});

describe('the revisions of MCP in a trace', () => {
  const speaking = (span: number, kind: RedactedSpan['kind'], version: string) =>
    child({ spanId: spanIdOf(span), kind, attributes: { 'mcp.protocol.version': version } });

  it('are told apart by whose span tells them: a call is to a server, all else is from the client', () => {
    const client = speaking(2, 'internal', '2026-07-28');
    expect(summaryOf(root, client, speaking(3, 'client', '2025-06-18'))).toMatchObject({
      clientProtocol: '2026-07-28',
      serverProtocols: ['2025-06-18'],
    });
    expect(summaryOf(root, client)).toMatchObject({ clientProtocol: '2026-07-28', serverProtocols: [] });
    expect(summaryOf(root)).toMatchObject({ clientProtocol: null, serverProtocols: [] });
  });

  it('are all told of servers, oldest first and each once', () => {
    const versions = ['2026-07-28', '2025-06-18', '2026-07-28'];
    const calls = versions.map((version, index) => speaking(3 + index, 'client', version));
    expect(summaryOf(root, ...calls)).toMatchObject({ serverProtocols: ['2025-06-18', '2026-07-28'] });
  });
});

describe('what a trace is about', () => {
  it('takes method and target from the shallowest span that names a method', () => {
    const operation = child({
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'everything__echo' },
    });
    const upstream = child({
      spanId: spanIdOf(3),
      parentSpanId: spanIdOf(2),
      startTime: unixNano(1n),
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'echo' },
    });
    expect(summaryOf(root, operation, upstream)).toMatchObject({ method: 'tools/call', target: 'everything__echo' });
    expect(summaryOf(upstream, operation, root)).toMatchObject({ method: 'tools/call', target: 'everything__echo' });
  });

  it('takes a prompt or a resource as the target as well', () => {
    const withMethod = (attributes: Attributes) => child({ attributes: { 'mcp.method.name': 'm', ...attributes } });
    expect(summaryOf(withMethod({ 'gen_ai.prompt.name': 'greet' }))?.target).toBe('greet');
    expect(summaryOf(withMethod({ 'mcp.resource.uri': 'file:///a' }))?.target).toBe('file:///a');
  });

  it('is named after the earliest span until a root arrives', () => {
    const lost = (n: number, name: string) =>
      makeSpan({ spanId: spanIdOf(n), parentSpanId: spanIdOf(99), startTime: unixNano(BigInt(n)), name });
    expect(summaryOf(lost(3, 'third'), lost(2, 'second'))).toMatchObject({
      name: 'second',
      remoteParentMissing: false,
    });
    expect(summaryOf(lost(3, 'third'), root)).toMatchObject({ name: 'POST /mcp' });
  });

  it('tells the message of the deepest failure, or of its exception when the status has none', () => {
    const exception = { name: 'exception', time: unixNano(5n), attributes: { 'exception.message': 'ECONNREFUSED' } };
    const outer = child({ status: { code: 'error', message: 'the call failed' } });
    const inner = child({
      spanId: spanIdOf(3),
      parentSpanId: spanIdOf(2),
      status: { code: 'error', message: null },
      events: [exception],
    });
    expect(summaryOf(root, outer, inner)).toMatchObject({ errorMessage: 'ECONNREFUSED', errorCount: 2 });
    const survived = child({ spanId: spanIdOf(4), parentSpanId: spanIdOf(3), events: [exception] });
    expect(summaryOf(root, outer, survived)).toMatchObject({ errorMessage: 'the call failed' });
  });
});

/** Few ids, times and values, so that replacing, missing parents, rings and ties all happen. */
const arbitrarySpan: fc.Arbitrary<RedactedSpan> = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    parent: fc.option(fc.integer({ min: 1, max: 8 })),
    parentIsRemote: fc.boolean(),
    name: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom<RedactedSpan['kind']>('server', 'internal', 'client'),
    start: fc.integer({ min: 0, max: 3 }),
    end: fc.option(fc.integer({ min: 3, max: 6 })),
    status: fc.constantFrom<RedactedSpan['status']>(
      { code: 'ok', message: null },
      { code: 'error', message: null },
      { code: 'error', message: 'it failed' },
    ),
    service: fc.constantFrom('throughline', 'server'),
    attributes: fc.record(
      {
        'mcp.method.name': fc.constantFrom('tools/call', 'tools/list'),
        'gen_ai.tool.name': fc.constantFrom('echo', 'add'),
        'mcp.resource.uri': fc.constant('file:///x'),
        'throughline.server.id': fc.constantFrom('one', 'two'),
        'throughline.client.name': fc.constantFrom('cursor', 'claude'),
        'mcp.protocol.version': fc.constantFrom('2025-11-25', '2026-07-28'),
        'error.type': fc.constantFrom('cancelled', 'timeout'),
        'throughline.upkeep': fc.constantFrom('health', 'connect', 'stream'),
        'throughline.input.methods': fc.subarray(['elicitation/create', 'roots/list']),
        'plugin.chain.stopped': fc.boolean(),
        'plugin.chain.stopped_by': fc.constantFrom('P', 'Q'),
      },
      { requiredKeys: [] },
    ),
    hasException: fc.boolean(),
    findings: fc.integer({ min: 0, max: 2 }),
  })
  .map((wish) =>
    makeSpan({
      spanId: spanIdOf(wish.id),
      parentSpanId: wish.parent === null ? null : spanIdOf(wish.parent),
      parentIsRemote: wish.parent !== null && wish.parentIsRemote,
      name: wish.name,
      kind: wish.kind,
      startTime: unixNano(BigInt(wish.start)),
      endTime: wish.end === null ? null : unixNano(BigInt(wish.end)),
      status: wish.status,
      attributes: wish.attributes,
      origin: { resource: { 'service.name': wish.service }, scopeName: 's', scopeVersion: null },
      events: wish.hasException
        ? [{ name: 'exception', time: unixNano(1n), attributes: { 'exception.message': 'boom' } }]
        : [],
      findings: Array.from({ length: wish.findings }, () => FINDING),
    }),
  );

/** The facets of one span, from its attributes. */
function facetsOf({ name, kind, attributes, origin }: RedactedSpan): Facet[] {
  const facts = [
    ['span', name],
    ['tool', attributes['gen_ai.tool.name']],
    ['resource', attributes['mcp.resource.uri']],
    ['server', attributes['throughline.server.id']],
    ['client', attributes['throughline.client.name']],
    [kind === 'client' ? 'server_protocol' : 'client_protocol', attributes['mcp.protocol.version']],
    ['method', attributes['mcp.method.name']],
    ['service', origin.resource['service.name']],
    [
      'stopped_by',
      attributes['plugin.chain.stopped'] === true ? (attributes['plugin.chain.stopped_by'] ?? 'plugin') : null,
    ],
  ] as const;
  return facts.flatMap(([kind, value]) => (typeof value === 'string' ? [{ kind, value }] : []));
}

const FINDING = { path: '/a', start: 0, end: 1, rule: 'r', kind: 'k', length: '1-8', hash: 'h' } as const;

const arbitraryPayload: fc.Arbitrary<RedactedPayload> = fc
  .record({
    id: fc.integer({ min: 1, max: 3 }),
    direction: fc.constantFrom('request', 'response'),
    originalBytes: fc.nat(100),
    findings: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ id, direction, originalBytes, findings }) =>
    makePayload({
      spanId: spanIdOf(id),
      direction,
      originalBytes,
      findings: Array.from({ length: findings }, () => FINDING),
    }),
  );

type Upsert = { readonly span: RedactedSpan } | { readonly payload: RedactedPayload };

const arbitraryUpserts: fc.Arbitrary<Upsert[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: arbitrarySpan.map((span) => ({ span })) },
    { weight: 1, arbitrary: arbitraryPayload.map((payload) => ({ payload })) },
  ),
  { minLength: 1, maxLength: 25 },
);

function byId<T extends { readonly spanId: string; readonly direction?: string }>(records: readonly T[]): T[] {
  const key = ({ spanId, direction }: T) => `${spanId} ${direction ?? ''}`;
  return [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

class Kept {
  readonly spans = new Map<string, RedactedSpan>();
  readonly payloads = new Map<string, RedactedPayload>();

  take(upsert: Upsert): void {
    if ('span' in upsert) this.spans.set(upsert.span.spanId, upsert.span);
    else this.payloads.set(`${upsert.payload.spanId} ${upsert.payload.direction}`, upsert.payload);
  }

  summary() {
    return this.spans.size === 0 ? null : naiveSummary([...this.spans.values()], [...this.payloads.values()]);
  }
}

describe('after any sequence of spans and payloads', () => {
  it('the summary kept step by step equals the one computed from scratch', () => {
    fc.assert(
      fc.property(arbitraryUpserts, (upserts) => {
        const aggregate = new TraceAggregate();
        const kept = new Kept();
        for (const upsert of upserts) {
          kept.take(upsert);
          if ('span' in upsert) aggregate.upsertSpan(factsFrom(upsert.span));
          else {
            const { spanId, direction, originalBytes, findings } = upsert.payload;
            aggregate.upsertPayload({ spanId, direction, originalBytes, partNo: 1, findingCount: findings.length });
          }
          expect(aggregate.summary()).toEqual(kept.summary());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('its facets are those of the spans kept, and it says when they changed', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySpan, { minLength: 1, maxLength: 25 }), (spans) => {
        const aggregate = new TraceAggregate();
        const kept = new Map<string, RedactedSpan>();
        let facets: readonly Facet[] = [];
        for (const [step, span] of spans.entries()) {
          kept.set(span.spanId, span);
          aggregate.upsertSpan(factsFrom(span));
          if (step % 3 !== 0 && step !== spans.length - 1) continue;
          facets = aggregate.takeChangedFacets() ?? facets;
          expect(aggregate.takeChangedFacets()).toBeNull();
        }
        const textOf = ({ kind, value }: Facet) => `${kind} ${value}`;
        expect(facets.map(textOf).sort()).toEqual(
          [...new Set([...kept.values()].flatMap(facetsOf).map(textOf))].sort(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('the stored summary does so too, batch by batch', async () => {
    const store = await openStore();
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryUpserts, { minLength: 1, maxLength: 4 }), async (batches) => {
        await store.clear();
        const kept = new Kept();
        for (const batch of batches) {
          // A payload without its trace would be turned away.
          const known = kept.spans.size > 0 || batch.some((upsert) => 'span' in upsert);
          if (!known) continue;
          for (const upsert of batch) kept.take(upsert);
          store.put({
            spans: batch.flatMap((upsert) => ('span' in upsert ? [upsert.span] : [])),
            payloads: batch.flatMap((upsert) => ('payload' in upsert ? [upsert.payload] : [])),
          });
          await store.flush();
        }
        const [summary] = await store.list('', 2);
        if (summary === undefined) {
          expect(kept.spans.size).toBe(0);
          return;
        }
        const detail = await store.trace(summary.traceId);
        expect(byId(detail?.spans ?? [])).toEqual(byId([...kept.spans.values()]));
        expect(byId(await store.payloads(summary.traceId))).toEqual(byId([...kept.payloads.values()]));
        expect(summary).toEqual({ ...kept.summary(), traceId: summary.traceId, revision: summary.revision });
      }),
      { numRuns: 100 },
    );
  });
});
