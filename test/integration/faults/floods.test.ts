import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultHttp, type FaultHttp } from '../../fixtures/servers/faults/fault-http.ts';
import { eventually } from '../../support/eventually.ts';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import type { TraceLine } from '../../support/gateway-process.ts';
import { answerText, type Json } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { callBody, initializeBody, openSocket, requestBytes } from './raw-client.ts';
import { PATIENCE_MS, startStage, type FaultStage, type StageSession } from './stage.ts';

const MANY = 100_000;
/** Beside what may wait for a client that does not read (64 MiB): the same once more as garbage, and what the engine keeps. */
const MOST_HELD_MB = 400;

let remote: FaultHttp;
let stage: FaultStage;

beforeAll(async () => {
  remote = await startFaultHttp();
  const servers = { local: FAULT_STDIO, remote: { type: 'http', url: remote.url }, neighbour: FAULT_STDIO };
  stage = await startStage({ servers, settings: { storeBudgetMb: 8 } });
}, 120_000);

afterAll(async () => {
  await stage.gateway.stop();
  await remote[Symbol.asyncDispose]();
});

async function unharmed(beside: StageSession): Promise<void> {
  expect(answerText(await beside.callTool('echo', { text: 'unharmed' }))).toBe('unharmed');
}

describe('a server that floods its client with notifications during a call', () => {
  it.each([
    { server: 'local', kind: 'log', method: 'notifications/message' },
    { server: 'local', kind: 'progress', method: 'notifications/progress' },
    { server: 'remote', kind: 'log', method: 'notifications/message' },
    { server: 'remote', kind: 'progress', method: 'notifications/progress' },
  ])(
    '($server, $kind) has every one of them passed on to a client that reads',
    async ({ server, kind, method }) => {
      const { traceId, traceparent } = newCallerContext();
      {
        await using session = await stage.open(`/servers/${server}/mcp`);
        await using beside = await stage.open('/servers/neighbour/mcp');
        const meta = { traceparent, progressToken: 'flood' };
        const answer = session.post(callBody(1, 'flood', { kind, times: MANY }, meta));
        await unharmed(beside);
        const { messages } = await answer;
        expect(messages.filter((message) => message['method'] === method)).toHaveLength(MANY);
        expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'flooded' }] } });
        expect((await stage.gateway.finishedSpans(traceId)).length).toBeLessThan(20);
      }
      await stage.nothingLeft();
    },
    120_000,
  );
});

describe('a client that does not read', () => {
  const flood = { times: MANY, bytes: 1_000 };

  /** What has come for it was more than may wait, so its connection is cut, though it has read nothing of that yet. */
  async function expectCut(socket: Socket, sessions: readonly StageSession[]): Promise<void> {
    expect(stage.megabytes()).toBeLessThan(stage.megabytesBefore + MOST_HELD_MB);
    for (const session of sessions) await unharmed(session);
    for (const session of sessions) await session[Symbol.asyncDispose]();
    await stage.nothingLeft();
    socket.destroy();
  }

  it.each(['local', 'remote'])(
    'what a call of server "%s" brings is cut off, and nobody else notices',
    async (server) => {
      const { traceId, traceparent } = newCallerContext();
      const session = await stage.open(`/servers/${server}/mcp`);
      const beside = await stage.open('/servers/neighbour/mcp');
      const socket = await openSocket(stage);
      const body = callBody(1, 'flood', flood, { traceparent });
      const { path, sessionId } = session;
      socket.write(requestBytes(stage, { method: 'POST', path, sessionId, body }));
      // The answer waits for a client that may come back.
      const isAnswered = ({ openSpanCount, ...trace }: TraceLine): boolean =>
        trace.traceId === traceId && openSpanCount === 1;
      await eventually('the call is over', async () => (await stage.pendingTraces()).some(isAnswered), PATIENCE_MS);
      await expectCut(socket, [session, beside]);
    },
    120_000,
  );

  it('its stream for what belongs to no call is cut off, and nobody else notices', async () => {
    const session = await stage.open('/servers/local/mcp');
    const beside = await stage.open('/servers/neighbour/mcp');
    const socket = await openSocket(stage);
    const { path, sessionId } = session;
    socket.write(requestBytes(stage, { method: 'GET', path, sessionId }));
    await stage.gateway.waitForTrace('it listens', ({ name }) => name.startsWith('GET /servers/{id}/mcp'));
    expect(answerText(await session.callTool('flood', { ...flood, late: true }))).toBe('flooded');
    // Answered when the flood is over.
    await unharmed(session);
    await expectCut(socket, [session, beside]);
  }, 120_000);

  it('its stream of the older transport is cut off, which ends its session, and nobody else notices', async () => {
    const beside = await stage.open('/servers/neighbour/mcp');
    const socket = await openSocket(stage);
    socket.write(requestBytes(stage, { method: 'GET', path: '/servers/local/sse' }));
    const head = await readUntil(socket, /data: (\S+)\n\n/);
    const send = async (body: Json): Promise<void> => {
      const response = await stage.rest(head, { method: 'POST', body: JSON.stringify(body) });
      expect(response.status).toBe(202);
    };
    await send(initializeBody());
    await readUntil(socket, /"id":(0)/);
    await send(callBody(1, 'flood', flood));
    await eventually('its session has ended', async () => {
      const body = JSON.stringify(callBody(2, 'echo', {}));
      return (await stage.rest(head, { method: 'POST', body })).status === 404;
    });
    await expectCut(socket, [beside]);
  }, 120_000);
});

describe('a client that reads late', () => {
  it('gets a message that is larger than what may wait, and the one after it', async () => {
    const bytes = 80 * 1024 * 1024;
    const beside = await stage.open('/servers/neighbour/mcp');
    const socket = await openSocket(stage);
    socket.write(requestBytes(stage, { method: 'GET', path: '/servers/local/sse' }));
    const head = await readUntil(socket, /data: (\S+)\n\n/);
    const send = (body: Json): Promise<Response> => stage.rest(head, { method: 'POST', body: JSON.stringify(body) });
    await send(initializeBody());
    await readUntil(socket, /"id":(0)/);
    for (const [id, name] of [
      [1, 'bulk'],
      [2, 'echo'],
    ] as const) {
      const { traceId, traceparent } = newCallerContext();
      await send(callBody(id, name, { bytes, text: 'behind' }, { traceparent }));
      await stage.gateway.finishedSpans(traceId);
    }
    await unharmed(beside);
    let read = 0;
    let tail = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      read += text.length;
      tail = (tail + text).slice(-200);
    });
    socket.resume();
    await eventually('the answer behind it came', () => tail.includes('"id":2'), PATIENCE_MS);
    expect(read).toBeGreaterThan(bytes / 2);
    socket.destroy();
    await beside[Symbol.asyncDispose]();
    await stage.nothingLeft();
  }, 120_000);
});

/** Reads no further than it must; answers with the first group. */
async function readUntil(socket: Socket, pattern: RegExp): Promise<string> {
  let text = '';
  return await eventually(`${String(pattern)} was read`, () => {
    text += String(socket.read() ?? '');
    return pattern.exec(text)?.[1] ?? null;
  });
}
