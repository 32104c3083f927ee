import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { millisToUnixNano, unixNano } from '../../../src/shared/domain/ids.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { createTraceStore } from '../../../src/store/worker-store.ts';
import { openStore } from '../../support/open-store.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { STORE_WORKER_URL } from '../../support/open-store.ts';

const NOW = millisToUnixNano(Date.now());
const HOUR = 3_600_000_000_000n;
const MS = 1_000_000n;

/** Five traces that differ in everything a query can ask; numbered from oldest (1) to newest (5). */
function traces() {
  const call = (n: number, tool: string, server: string, client: string, millis: bigint, rest = {}) => {
    const startTime = unixNano(NOW - HOUR + BigInt(n) * MS);
    return [
      makeSpan({ traceId: traceIdOf(n), startTime, endTime: unixNano(startTime + millis * MS), ...rest }),
      makeSpan({
        traceId: traceIdOf(n),
        spanId: spanIdOf(2),
        parentSpanId: spanIdOf(1),
        name: 'tool.invoke',
        startTime,
        endTime: startTime,
        attributes: {
          'mcp.method.name': 'tools/call',
          'gen_ai.tool.name': tool,
          'throughline.server.id': server,
          'throughline.client.name': client,
        },
      }),
    ];
  };
  const finding = { path: '/a', start: 0, end: 1, rule: 'r', kind: 'k', length: '1-8', hash: 'h' } as const;
  return [
    ...call(1, 'echo', 'everything', 'claude-code', 5n, { findings: [finding, finding] }),
    ...call(2, 'read_file', 'file system', 'Cursor', 700n, {
      status: { code: 'error', message: '50% of disk_a gone' },
    }),
    ...call(3, 'echo', 'github', 'Cursor', 1_500n, {
      attributes: { 'plugin.chain.stopped': true, 'plugin.chain.stopped_by': 'SecretScan' },
    }),
    ...call(4, 'slow', 'github', 'inspector', 0n, {
      events: [{ name: 'exception', time: NOW, attributes: { 'exception.message': 'boom' } }],
      origin: { resource: { 'service.name': 'other-service' }, scopeName: 's', scopeVersion: null },
    }),
    makeSpan({ traceId: traceIdOf(5), name: 'GET "it\'s"', startTime: NOW, endTime: null }),
  ];
}

let store: TraceStore;

beforeAll(async () => {
  store = await createTraceStore({
    workerUrl: STORE_WORKER_URL,
    file: null,
    limits: { bytes: 1e9, traces: 0, days: 0 },
  });
  store.put({
    spans: traces(),
    payloads: [
      makePayload({ traceId: traceIdOf(1), text: '{"path":"C:\\\\tmp","q":"Hello World"}', originalBytes: 120_000 }),
    ],
  });
  await store.flush();
});

afterAll(() => store.close());

async function found(query: string): Promise<number[]> {
  const summaries = await store.list(query, 100);
  return summaries.map((summary) => Number.parseInt(summary.traceId, 16)).sort();
}

const ALL = [1, 2, 3, 4, 5];

describe('the query language', () => {
  it.each<[string, number[]]>([
    ['', ALL],
    ['   ', ALL],
    ['tool:echo', [1, 3]],
    ['tool:ECH', [1, 3]],
    ['TOOL:echo', [1, 3]],
    ['tool:=ech', []],
    ['tool:=echo', [1, 3]],
    ['tool:echo|slow', [1, 3, 4]],
    ['-tool:echo', [2, 4, 5]],
    ['server:github', [3, 4]],
    ['server:"file system"', [2]],
    ['server:file system', [2]],
    ['client:cursor', [2, 3]],
    ['method:tools/call', [1, 2, 3, 4]],
    ['-method:tools/call', [5]],
    ['status:ok', [1, 4]],
    ['status:error', [2]],
    ['status:blocked', [3]],
    ['status:pending', [5]],
    ['status:cancelled', []],
    ['status:error|blocked', [2, 3]],
    ['-status:error|blocked', [1, 4, 5]],
    ['dur:>500ms status:error|blocked', [2, 3]],
    ['upkeep:none', ALL],
    ['-upkeep:none', []],
    ['dur:<=5ms', [1, 4]],
    ['dur:>=1.5s -status:pending', [3]],
    ['dur:=700ms', [2]],
    ['dur:<1us', [4]],
    ['dur:>10h', []],
    ['trace:0000000000000000000000000000000', ALL],
    ['trace:00000000000000000000000000000002', [2]],
    ['trace:F', []],
    ['redacted:>0', [1]],
    ['redacted:=2', [1]],
    ['redacted:<1', [2, 3, 4, 5]],
    ['bytes:>100kb', [1]],
    ['bytes:>0.2mb', []],
    ['bytes:<1', [2, 3, 4, 5]],
    ['stopped_by:secret', [3]],
    ['service:other', [4]],
    ['has:exception', [4]],
    ['has:payload', [1]],
    ['has:error', [2]],
    ['has:error|payload', [1, 2]],
    ['since:10m', [5]],
    ['since:2h', ALL],
    ['-since:10m', [1, 2, 3, 4]],
    ['span:tool.invoke', [1, 2, 3, 4]],
    ['name:POST', [1, 2, 3, 4]],
    ['name:tool.invoke', []],
    ['tool:echo server:github', [3]],
    ['tool:echo -server:github', [1]],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each<[string, string, number[]]>([
    ['the name', 'post', [1, 2, 3, 4]],
    ['the method', 'tools/call', [1, 2, 3, 4]],
    ['the target', 'read_', [2]],
    ['the server', 'GITHUB', [3, 4]],
    ['the client', 'inspector', [4]],
    ['the error message', 'gone', [2]],
    ['captured payloads', '"hello world"', [1]],
    ['nothing else: a span name is not a trace name', 'tool.invoke', []],
  ])('finds a plain word in %s', async (_where, query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each<[string, number[]]>([
    ['"file system"', [2]],
    ['-"file system"', [1, 3, 4, 5]],
    ['file system', [2]],
    ['"tool:echo"', []],
    ['"GET \\"it\'s\\""', [5]],
    ['""', ALL],
    ['-', [1]],
  ])('quotes: %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each<[string, number[]]>([
    ['50%', [2]],
    ['%', [2]],
    ['_a', [2]],
    ['disk_a', [2]],
    ['diskXa', []],
    ['\\', [1]],
  ])('wildcards of LIKE mean themselves: %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each([
    `'; DROP TABLE traces; --`,
    `tool:"'; DROP TABLE traces; --"`,
    `x' OR '1'='1`,
    `server:"x' OR 1=1 --"`,
    `name:"\\" OR TRUE --"`,
    'tool:?1',
    'name:$x',
    '(((',
  ])('metacharacters of SQL are harmless: %s', async (query) => {
    expect(await found(query)).toEqual([]);
    expect(await found('')).toEqual(ALL);
  });

  it.each<[string, string]>([
    ['colour:red', '"colour:red" starts with an unknown key: use bytes, client, dur,'],
    ['http://x', '"http://x" starts with an unknown key'],
    ['tool:', '"tool:" cannot be understood: write a part of it, for example tool:abc'],
    ['-tool:a|', '"-tool:a|" cannot be understood'],
    ['status:broken', '"status:broken" cannot be understood: use ok, error, blocked, cancelled or pending'],
    ['status:error|', '"status:error|" cannot be understood'],
    ['upkeep:x', '"upkeep:x" cannot be understood: use connect, refresh, restart, health, stream, news or none'],
    [
      'dur:500ms',
      '"dur:500ms" cannot be understood: write for example dur:>500ms (operators > >= < <= =, units us, ms,',
    ],
    ['dur:>500', '"dur:>500" cannot be understood'],
    ['dur:>5parsecs', '"dur:>5parsecs" cannot be understood'],
    ['dur:>-5ms', '"dur:>-5ms" cannot be understood'],
    ['dur:>99999999999999999999h', 'cannot be understood'],
    ['redacted:many', '"redacted:many" cannot be understood: write for example redacted:>0'],
    ['bytes:>5constructor', '"bytes:>5constructor" cannot be understood: write for example bytes:>100kb'],
    [
      'era:blue',
      '"era:blue" cannot be understood: use modern, legacy or a protocol version such as 2025-06-18, with | between',
    ],
    ['era:2025-', '"era:2025-" cannot be understood'],
    ['era:25-06-18', '"era:25-06-18" cannot be understood'],
    ['era:', '"era:" cannot be understood'],
    ['has:bugs', '"has:bugs" cannot be understood: use exception, payload or error'],
    ['since:yesterday', '"since:yesterday" cannot be understood: write for example since:10m'],
    ['trace:xyz', '"trace:xyz" cannot be understood: write the first of its 32 hex digits'],
    ['tool:"a', 'The quote in tool:"a is not closed'],
    [Array.from({ length: 65 }, () => 'a').join(' '), 'The filter has more than 64 words'],
    ['a'.repeat(2_001), 'The filter is longer than 2000 characters'],
  ])('a word that cannot be understood is named and mended: %s', async (query, sentence) => {
    const failure = await store.list(query, 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toContain(sentence);
  });

  it('a filter of the most words there can be is answered', async () => {
    expect(await found(Array.from({ length: 64 }, () => '-status:cancelled|error').join(' '))).toEqual([1, 3, 4, 5]);
    expect(await found(Array.from({ length: 64 }, () => 'echo').join(' '))).toEqual([1, 3]);
  });
});

describe('the word upkeep', () => {
  it.each<[string, number[]]>([
    ['upkeep:health', [2]],
    ['upkeep:HEALTH|stream', [2, 3]],
    ['upkeep:none', [1, 4]],
    ['-upkeep:none', [2, 3]],
    ['-upkeep:health status:ok', [1, 3, 4]],
    ['upkeep:restart', []],
  ])('%s', async (query, expected) => {
    const own = await openStore();
    const upkeep = (n: number, kind: string) =>
      makeSpan({ traceId: traceIdOf(n), attributes: { 'throughline.upkeep': kind } });
    own.put({
      spans: [
        makeSpan({ traceId: traceIdOf(1) }),
        upkeep(2, 'health'),
        upkeep(3, 'stream'),
        // A stream that was opened within a trace of the caller's does not make its calls upkeep.
        upkeep(4, 'stream'),
        makeSpan({ traceId: traceIdOf(4), spanId: spanIdOf(2), name: 'POST /mcp' }),
      ],
      payloads: [],
    });
    const summaries = await own.list(query, 10);
    expect(summaries.map(({ traceId }) => Number.parseInt(traceId, 16)).sort()).toEqual(expected);
    for (const { traceId, upkeep: kind } of summaries)
      expect(kind).toBe(
        new Map([
          [traceIdOf(2), 'health'],
          [traceIdOf(3), 'stream'],
        ]).get(traceId) ?? null,
      );
  });
});

describe('era:', () => {
  const [OLD, LATER, MODERN] = ['2024-11-05', '2025-11-25', '2026-07-28'];

  it.each<[string, number[]]>([
    ['era:modern', [3, 4, 5, 6]],
    ['era:legacy', [1, 2, 3, 4, 6]],
    ['ERA:Legacy', [1, 2, 3, 4, 6]],
    ['era:modern era:legacy', [3, 4, 6]],
    ['-era:legacy', [5, 7, 8]],
    ['-era:modern|legacy', [7, 8]],
    ['era:2024-11-05', [1, 6]],
    ['era:2026-07-28', [3, 4, 5, 6]],
    ['era:2024|2026', [1, 3, 4, 5, 6]],
    ['era:2025-11', [1, 2, 3, 4]],
    ['era:2025-06-18', []],
  ])('%s finds traces in which the client or a server speaks so', async (query, expected) => {
    const own = await openStore();
    own.put({
      spans: [
        ...speaking(1, LATER, OLD),
        ...speaking(2, LATER, LATER),
        ...speaking(3, MODERN, LATER),
        ...speaking(4, LATER, MODERN),
        ...speaking(5, MODERN, MODERN),
        ...speaking(6, MODERN, OLD, MODERN),
        ...speaking(7, undefined),
        // No version that there ever was is none of these.
        ...speaking(8, 'draft'),
      ],
      payloads: [],
    });
    const summaries = await own.list(query, 20);
    expect(summaries.map(({ traceId }) => Number.parseInt(traceId, 16)).sort()).toEqual(expected);
  });

  it('takes a trace into the list of changes when its revision is told, and not before', async () => {
    const own = await openStore();
    const ask = (cursor: number | null) => own.feed({ cursor, query: 'era:modern', limit: 10, waitMs: 0 });
    const [operation, call] = speaking(1, undefined, undefined);
    if (operation === undefined || call === undefined) throw new Error('Two spans were asked for.');
    own.put({ spans: [operation, { ...call, endTime: null }], payloads: [] });
    const before = await ask(null);
    expect(before.traces).toEqual([]);
    own.put({ spans: [{ ...call, attributes: { 'mcp.protocol.version': '2026-07-28' } }], payloads: [] });
    const after = await ask(before.cursor);
    expect(after).toMatchObject({ reset: false, traces: [{ clientProtocol: null, serverProtocols: ['2026-07-28'] }] });
  });
});

/** A trace with an operation, and a call of each server: what is undefined is not told. */
function speaking(n: number, client: string | undefined, ...servers: readonly (string | undefined)[]) {
  const version = (told: string | undefined) => (told === undefined ? {} : { 'mcp.protocol.version': told });
  return [
    makeSpan({ traceId: traceIdOf(n), attributes: version(client) }),
    ...servers.map((server, index) =>
      makeSpan({
        traceId: traceIdOf(n),
        spanId: spanIdOf(2 + index),
        parentSpanId: spanIdOf(1),
        kind: 'client',
        attributes: version(server),
      }),
    ),
  ];
}
