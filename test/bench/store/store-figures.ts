import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreBatch, TraceStore } from '../../../src/store/port.ts';
import { createTraceStore } from '../../../src/store/worker-store.ts';
import { makePayload, makeSpan, spanIdOf } from '../../support/make-trace.ts';
import { STORE_WORKER_URL } from '../../support/open-store.ts';

export interface StoreBenchOptions {
  readonly traces: number;
  /** How often each filter is asked. */
  readonly asks: number;
  readonly report: (line: string) => void;
}

export interface ListFigure {
  readonly query: string;
  readonly found: number;
  readonly millis: readonly number[];
}

export interface StoreFigures {
  readonly traces: number;
  readonly bytes: number;
  readonly lists: readonly ListFigure[];
  /** Milliseconds to put everything that is in memory into a new file, and back. */
  readonly toDisk: number;
  readonly toMemory: number;
}

/** What the page shows at most. */
const LIMIT = 500;

/** Of each key one that many traces match and one that none does: then every trace has to be looked at. */
export const QUERIES: readonly string[] = [
  '',
  'status:ok',
  'status:error',
  'tool:tool-3',
  'tool:nothing',
  'server:=server-1 tool:tool-2',
  'client:nobody',
  'method:tools/call',
  'span:nothing',
  'service:nobody',
  'stopped_by:nobody',
  'era:legacy',
  'era:modern',
  'name:nothing',
  'dur:>1ms',
  'dur:>1h',
  'since:10m',
  'redacted:>0',
  'bytes:>1gb',
  'upkeep:health',
  'has:exception',
  'trace:ffff',
  '-status:ok',
  'lorem',
  'nothing-of-the-kind',
];

/** Fills a store in memory and asks it what a page asks. Ends by itself. */
export async function measureStore({ traces, asks, report }: StoreBenchOptions): Promise<StoreFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  const limits = { bytes: Number.MAX_SAFE_INTEGER, traces: 0, days: 0 };
  const store = await createTraceStore({ workerUrl: STORE_WORKER_URL, file: null, limits });
  try {
    report(`storing ${traces} traces`);
    await fill(store, traces);
    report('asking');
    const lists: ListFigure[] = [];
    for (const query of QUERIES) lists.push(await measureList(store, query, asks));
    report('moving');
    const toDisk = await millisOf(() => store.moveTo(join(folder, 'traces.db')));
    const toMemory = await millisOf(() => store.moveTo(null));
    return { traces, bytes: (await store.stats()).bytes, lists, toDisk, toMemory };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureList(store: TraceStore, query: string, asks: number): Promise<ListFigure> {
  const millis: number[] = [];
  let found = 0;
  for (let ask = 0; ask < asks; ask += 1)
    millis.push(
      await millisOf(async () => {
        found = (await store.list(query, LIMIT)).length;
      }),
    );
  return { query, found, millis };
}

async function millisOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Fewer than the queue before the worker takes. */
const TRACES_AT_ONCE = 2_000;
const BEGINNING = Date.UTC(2026, 0, 1);
const TEXT = JSON.stringify({ jsonrpc: '2.0', params: { text: 'lorem ipsum '.repeat(25) } });

async function fill(store: TraceStore, traces: number): Promise<void> {
  for (let number = 0; number < traces; number += 1) {
    store.put(callOf(number));
    if (number % TRACES_AT_ONCE === 0) await store.flush();
  }
  await store.flush();
}

/** Spans and bodies as a usual call leaves them. */
function callOf(number: number): StoreBatch {
  const common = { trace: number, origin: BEGINNING, start: number, end: number + 5 };
  const target = {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': `tool-${number % 7}`,
    'throughline.server.id': `server-${number % 5}`,
    'mcp.protocol.version': '2025-11-25',
  };
  const [root, operation, call] = [number * 5, number * 5 + 1, number * 5 + 2];
  const { traceId } = makeSpan({ ...common, id: root });
  const body = { traceId, spanId: spanIdOf(operation), text: TEXT };
  return {
    spans: [
      makeSpan({ ...common, id: root, name: 'POST /mcp', kind: 'server' }),
      makeSpan({ ...common, id: operation, parent: root, name: 'tool.invoke', attributes: target }),
      makeSpan({ ...common, id: call, parent: operation, name: 'mcp.client.call', kind: 'client', attributes: target }),
      makeSpan({ ...common, id: call + 1, parent: call, name: 'mcp.client.request' }),
      makeSpan({ ...common, id: call + 2, parent: call, name: 'mcp.client.response' }),
    ],
    payloads: [makePayload(body), makePayload({ ...body, direction: 'response' })],
  };
}
