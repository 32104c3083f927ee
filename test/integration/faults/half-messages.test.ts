import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, startFaultHttp, type FaultHttp, type HeldCall } from '../../fixtures/servers/faults/fault-http.ts';
import { eventually } from '../../support/eventually.ts';
import { FAULT_STDIO, startPuppeteer, type Puppeteer } from '../../support/puppeteer.ts';
import { answerError, answerText, type Json } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { startBridge } from '../bridge/bridge-process.ts';
import { PATIENCE_MS, startStage, type FaultStage, type StageSession } from './stage.ts';

const WORDS = 'ünïcode – 漢字, 🧵 and "quotes"';

let puppeteer: Puppeteer;
let http: FaultHttp;
let stage: FaultStage;
let neighbour: StageSession;

beforeAll(async () => {
  puppeteer = await startPuppeteer();
  http = await startFaultHttp();
  const servers = { local: puppeteer.entry, remote: { type: 'http', url: http.url }, neighbour: FAULT_STDIO };
  stage = await startStage({ servers });
}, PATIENCE_MS);

afterAll(async () => {
  await stage.gateway.stop();
  await puppeteer[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

/** The gateway has been around its loop once more, and so has read what came before. */
async function unharmed(): Promise<void> {
  expect(answerText(await neighbour.callTool('echo', { text: 'unharmed' }))).toBe('unharmed');
}

function answerBytes(id: unknown): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: WORDS }] } }));
}

/** The bytes in pieces that end in the middle of every character of several bytes. */
function piecesOf(bytes: Buffer): readonly Buffer[] {
  const cuts = [...bytes.entries()].filter(([at, byte]) => at > 0 && (byte & 0b1100_0000) === 0b1000_0000);
  const ends = [...cuts.map(([at]) => at), bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

async function withNeighbour(path: string, body: (session: StageSession) => Promise<void>): Promise<void> {
  {
    await using beside = await stage.open('/servers/neighbour/mcp');
    neighbour = beside;
    await using session = await stage.open(path);
    await body(session);
  }
  await stage.nothingLeft();
}

describe('a stdio server', () => {
  it('that writes half an answer and dies fails that call, and is there for the next', async () => {
    await withNeighbour('/servers/local/mcp', async (session) => {
      const { traceId, traceparent } = newCallerContext();
      const answer = session.callTool('puppet', {}, { traceparent });
      const call = await puppeteer.nextCall();
      await call.write(answerBytes(call.id).subarray(0, 30));
      await unharmed();
      call.exit(7);
      expect(answerError(await answer).message).toBe('Server "local" exited with code 7.');
      expect(await stage.gateway.finishedSpans(traceId)).toHaveLength(4);
      expect(answerText(await session.callTool('echo', { text: 'next' }))).toBe('next');
    });
  }, 120_000);

  it('that is killed in the middle of a character fails that call only', async () => {
    await withNeighbour('/servers/local/mcp', async (session) => {
      const answer = session.callTool('puppet', {});
      const call = await puppeteer.nextCall();
      const bytes = answerBytes(call.id);
      await call.write(bytes.subarray(0, bytes.indexOf(Buffer.from('漢')) + 1));
      await unharmed();
      process.kill(call.pid, 'SIGKILL');
      expect(answerError(await answer).message).toBe('Server "local" was ended by SIGKILL.');
      await unharmed();
    });
  }, 120_000);

  it('that writes its answer in pieces, cut within characters, is understood', async () => {
    await withNeighbour('/servers/local/mcp', async (session) => {
      const answer = session.callTool('puppet', {});
      const call = await puppeteer.nextCall();
      const pieces = piecesOf(answerBytes(call.id));
      expect(pieces.length).toBeGreaterThan(10);
      for (const piece of pieces) {
        await call.write(piece);
        await unharmed();
      }
      await call.write('\n');
      expect(answerText(await answer)).toBe(WORDS);
    });
  }, 120_000);
});

describe('an HTTP server', () => {
  const heldCall = (): Promise<HeldCall> => eventually('the server was called', () => http.held.shift() ?? null);

  const json = { 'content-type': 'application/json' };
  const eventStream = { 'content-type': 'text/event-stream' };

  interface Cut {
    readonly what: string;
    readonly headers: Readonly<Record<string, string>>;
    /** All of what the server would have said. */
    readonly whole: (id: unknown) => Buffer;
    readonly ending: 'cut' | 'end';
    readonly says: RegExp;
  }

  const streamOf = (id: unknown): Buffer => Buffer.from(eventOf(JSON.parse(answerBytes(id).toString('utf8')) as Json));

  const CUTS: readonly Cut[] = [
    { what: 'a body without a length', headers: json, whole: answerBytes, ending: 'cut', says: /could not be reached/ },
    {
      what: 'a body of a known length',
      headers: { ...json, 'content-length': '1000' },
      whole: answerBytes,
      ending: 'cut',
      says: /could not be reached/,
    },
    { what: 'an event', headers: eventStream, whole: streamOf, ending: 'cut', says: /could not be reached/ },
    { what: 'an event, properly', headers: eventStream, whole: streamOf, ending: 'end', says: /without an answer/ },
  ];

  it.each(CUTS)(
    'that cuts $what in the middle ($ending) fails that call only',
    async (cut) => {
      await withNeighbour('/servers/remote/mcp', async (session) => {
        const { traceId, traceparent } = newCallerContext();
        const answer = session.callTool('puppet', {}, { traceparent });
        const { id, response } = await heldCall();
        response.writeHead(200, cut.headers).write(cut.whole(id).subarray(0, 60));
        await unharmed();
        if (cut.ending === 'cut') response.destroy();
        else response.end();
        const { message } = answerError(await answer);
        expect(message).toMatch(/^Server "remote" [^\n]+\.$/);
        expect(message).toMatch(cut.says);
        expect(await stage.gateway.finishedSpans(traceId)).toHaveLength(4);
        expect(answerText(await session.callTool('echo', { text: 'next' }))).toBe('next');
      });
    },
    120_000,
  );

  it.each([
    { what: 'a body', headers: json, whole: answerBytes },
    { what: 'an event', headers: eventStream, whole: streamOf },
  ])(
    'that sends $what in pieces, cut within characters, is understood',
    async ({ headers, whole }) => {
      await withNeighbour('/servers/remote/mcp', async (session) => {
        const answer = session.callTool('puppet', {});
        const { id, response } = await heldCall();
        response.writeHead(200, headers);
        for (const piece of piecesOf(whole(id))) {
          response.write(piece);
          await unharmed();
        }
        response.end();
        expect(answerText(await answer)).toBe(WORDS);
      });
    },
    120_000,
  );
});

describe('a client', () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });
  const half = body.slice(0, 40);

  const HALVES = [
    { what: 'half a body', head: [`content-length: ${body.length}`], sent: half },
    { what: 'half of a chunk', head: ['transfer-encoding: chunked'], sent: `${body.length.toString(16)}\r\n${half}` },
    { what: 'one of two chunks', head: ['transfer-encoding: chunked'], sent: `28\r\n${half}\r\n` },
    { what: 'half of its headers', head: null, sent: '' },
  ];

  it.each(HALVES.flatMap((each) => [{ ...each, leaves: 'end' } as const, { ...each, leaves: 'reset' } as const]))(
    'that sends $what and leaves ($leaves) leaves nothing behind',
    async ({ head, sent, leaves }) => {
      await withNeighbour('/servers/local/mcp', async (session) => {
        const { traceId, traceparent } = newCallerContext();
        const lines = [
          'POST /servers/local/mcp HTTP/1.1',
          `host: ${new URL(stage.gateway.origin).host}`,
          `authorization: Bearer ${stage.gateway.token}`,
          `mcp-session-id: ${session.sessionId ?? ''}`,
          `traceparent: ${traceparent}`,
          'content-type: application/json',
        ];
        const socket = connect(Number(new URL(stage.gateway.origin).port), '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(
          head === null ? `${lines.join('\r\n')}\r\n` : `${[...lines, ...head].join('\r\n')}\r\n\r\n${sent}`,
        );
        await unharmed();
        if (leaves === 'reset') socket.resetAndDestroy();
        else socket.end();
        // What it had begun is recorded as cut off, where it had begun anything.
        if (head !== null) {
          const [root, ...more] = await stage.gateway.finishedSpans(traceId);
          expect(more).toEqual([]);
          expect(root?.attributes['error.type']).toBe('cancelled');
        }
        socket.destroy();
        expect(answerText(await session.callTool('echo', { text: 'next' }))).toBe('next');
      });
    },
    120_000,
  );

  it('of the bridge that sends half a line and leaves is told so, and the bridge ends', async () => {
    const args = ['--server', 'local', '--no-start'];
    const bridge = startBridge(args, { home: stage.gateway.home });
    await bridge.initialize();
    bridge.child.stdin.end(half);
    expect(await bridge.exited).toEqual({ code: 0, signal: null });
    expect(bridge.messages().at(-1)).toMatchObject({ id: null, error: { code: -32_700 } });
    await stage.nothingLeft();
  }, 120_000);
});
