import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkText, digestOf } from '../../fixtures/servers/faults/bulk.ts';
import { startFaultHttp, type FaultHttp } from '../../fixtures/servers/faults/fault-http.ts';
import { eventually } from '../../support/eventually.ts';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import { answerText, type Json } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { treeSpans } from '../../support/trace-tree.ts';
import { bridgeDoor, sseDoor, type RawDoor } from '../transparency/raw-doors.ts';
import { PATIENCE_MS, startStage, type FaultStage } from './stage.ts';

const BYTES = 64 * 1024 * 1024;
/** What the engine may keep for later, measured as some 200 MB; five results that are held on to would be 350 and more. */
const MOST_LEFT_MB = 300;

let json: FaultHttp;
let streams: FaultHttp;
let stage: FaultStage;

beforeAll(async () => {
  json = await startFaultHttp();
  streams = await startFaultHttp({ streams: true });
  const servers = {
    local: FAULT_STDIO,
    json: { type: 'http', url: json.url },
    streams: { type: 'http', url: streams.url },
    neighbour: FAULT_STDIO,
  };
  stage = await startStage({ servers, settings: { storeBudgetMb: 8 } });
}, 120_000);

afterAll(async () => {
  await stage.gateway.stop();
  await json[Symbol.asyncDispose]();
  await streams[Symbol.asyncDispose]();
});

interface Way {
  readonly door: string;
  readonly server: string;
  /** As this door names it. */
  readonly tool: (name: string) => string;
  readonly open: () => Promise<RawDoor>;
}

const plain = (name: string): string => name;
const prefixed = (name: string): string => `local__${name}`;

const WAYS: readonly Way[] = [
  { door: '/servers/{id}/mcp', server: 'json', tool: plain, open: () => streamable('/servers/json/mcp') },
  { door: '/servers/{id}/mcp', server: 'streams', tool: plain, open: () => streamable('/servers/streams/mcp') },
  { door: '/mcp', server: 'local', tool: prefixed, open: () => streamable('/mcp') },
  { door: '/servers/{id}/sse', server: 'local', tool: plain, open: () => sseDoor(lone(), '/servers/local/sse') },
  { door: 'the bridge', server: 'local', tool: prefixed, open: () => bridgeDoor(lone(), []) },
];

/** The gateway, each request over a connection of its own. */
function lone(): FaultStage['gateway'] {
  return { ...stage.gateway, rest: stage.rest };
}

async function streamable(path: string): Promise<RawDoor> {
  const session = await stage.open(path);
  return {
    ask: async (text) => JSON.stringify((await session.post(text)).messages[0]),
    close: async () => session[Symbol.asyncDispose](),
  };
}

function callText(id: number, name: string, args: Json, traceparent: string): string {
  const params = { name, arguments: args, _meta: { traceparent } };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

describe('a result of 64 MB', () => {
  const digest = digestOf(bulkText(BYTES));

  it.each(WAYS)(
    'of server "$server" arrives whole at $door, other calls are answered meanwhile, and its trace tells its size',
    async ({ tool, open }) => {
      const door = await open();
      {
        await using beside = await stage.open('/servers/neighbour/mcp');
        const { traceId, traceparent } = newCallerContext();
        const arrival = new AbortController();
        const large = door.ask(callText(1, tool('bulk'), { bytes: BYTES }, traceparent), 1).finally(() => {
          arrival.abort();
        });
        let calls = 0;
        for (; !arrival.signal.aborted || calls === 0; calls += 1) {
          const [own, other] = await Promise.all([
            door.ask(callText(calls + 2, tool('echo'), { text: 'same' }, newCallerContext().traceparent), calls + 2),
            beside.callTool('echo', { text: 'other' }),
          ]);
          expect([answerText(JSON.parse(own) as Json), answerText(other)]).toEqual(['same', 'other']);
        }
        const text = await large;
        expect(digestOf(answerText(JSON.parse(text) as Json))).toBe(digest);

        await stage.gateway.finishedSpans(traceId);
        const spans = treeSpans(await stage.gateway.tree(traceId));
        for (const name of ['tool.invoke', 'mcp.client.call']) {
          const { payloads = [] } = spans.find((span) => span.name === name) ?? {};
          const answer = payloads.find(({ direction }) => direction === 'response');
          expect(answer).toMatchObject({ truncated: true });
          // The ids at both ends differ in length.
          expect(Math.abs((answer?.originalBytes ?? 0) - Buffer.byteLength(text))).toBeLessThan(20);
        }
      }
      await door.close();
      await stage.nothingLeft();
    },
    180_000,
  );

  it('leaves memory as it was, once more has been done', async () => {
    const atMost = stage.megabytesBefore + MOST_LEFT_MB;
    await using beside = await stage.open('/servers/neighbour/mcp');
    // The engine tidies up when it needs room.
    const giveBack = async (): Promise<boolean> => {
      answerText(await beside.callTool('bulk', { bytes: 1_000_000 }));
      return stage.megabytes() < atMost;
    };
    await eventually(`less than ${atMost} MB are used`, giveBack, PATIENCE_MS);
  }, 120_000);
});
