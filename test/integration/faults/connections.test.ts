import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import { answerText } from '../../support/raw-session.ts';
import { openLegacyStream } from '../doors/door-support.ts';
import { callBody, initializeBody, openSocket, requestBytes, type RawRequest } from './raw-client.ts';
import { PATIENCE_MS, startStage, type FaultStage, type StageSession } from './stage.ts';

/** More than the gateway has sessions. */
const MANY = 1_100;
const AT_ONCE = 25;
const PROCESSES = 30;

let stage: FaultStage;

beforeAll(async () => {
  const servers = { shared: { ...FAULT_STDIO, session: 'shared' }, own: FAULT_STDIO };
  stage = await startStage({ servers });
}, PATIENCE_MS);

afterAll(() => stage.gateway.stop());

type Leaving = 'at once' | 'when it is answered';

/** Sends a request and is gone. */
async function visit(request: RawRequest, leaving: Leaving): Promise<void> {
  const socket = await openSocket(stage);
  const answered = once(socket, 'readable');
  await new Promise((resolve) => socket.write(requestBytes(stage, request), resolve));
  if (leaving === 'when it is answered') await answered;
  answered.catch(() => undefined);
  socket.destroy();
}

async function visitMany(count: number, requestOf: (index: number) => RawRequest, leaving: Leaving): Promise<void> {
  const next = Array.from({ length: count }, (_, index) => index).values();
  const visitor = async (): Promise<void> => {
    for (const index of next) await visit(requestOf(index), leaving);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
}

async function roomForOneMore(): Promise<void> {
  await using session = await stage.open('/servers/own/mcp');
  expect(answerText(await session.callTool('echo', { text: 'welcome' }))).toBe('welcome');
}

const initialize = (path: string): RawRequest => ({ method: 'POST', path, body: initializeBody() });

describe.each<Leaving>(['at once', 'when it is answered'])('clients that come and leave %s', (leaving) => {
  it(`leave nothing when ${MANY} of them begin a session`, async () => {
    await visitMany(MANY, () => initialize('/mcp'), leaving);
    await roomForOneMore();
    await stage.nothingLeft();
  }, 120_000);

  it(`leave nothing when ${MANY} of them open a stream of the older transport`, async () => {
    await visitMany(MANY, () => ({ method: 'GET', path: '/servers/shared/sse' }), leaving);
    await roomForOneMore();
    await stage.nothingLeft();
  }, 120_000);

  it(`leave nothing when ${MANY} of them do this and that`, async () => {
    const session: StageSession = await stage.open('/servers/shared/mcp');
    const { path, sessionId } = session;
    const ways: readonly RawRequest[] = [
      initialize('/servers/shared/mcp'),
      { method: 'GET', path: '/sse' },
      { method: 'GET', path, sessionId },
      { method: 'POST', path, sessionId, body: callBody(1, 'never', {}) },
      { method: 'POST', path: '/rpc', body: { jsonrpc: '2.0', id: 1, method: 'ping' } },
    ];
    await visitMany(
      MANY,
      (index) => {
        const request = ways[index % ways.length] ?? initialize('/mcp');
        return request.sessionId === undefined || request.method === 'GET'
          ? request
          : { ...request, body: callBody(index, leaving === 'at once' ? 'never' : 'echo', {}) };
      },
      leaving,
    );
    expect(answerText(await session.callTool('echo', { text: 'still here' }))).toBe('still here');
    await session[Symbol.asyncDispose]();
    await roomForOneMore();
    await stage.nothingLeft();
  }, 120_000);
});

describe('clients with a process each', () => {
  it(`leave none when ${PROCESSES} of them vanish while it starts`, async () => {
    const body = initializeBody('unanswered');
    await visitMany(PROCESSES, () => ({ method: 'POST', path: '/servers/own/mcp', body }), 'at once');
    await roomForOneMore();
    await stage.nothingLeft();
  }, 120_000);

  it(`leave none when ${PROCESSES} of them call and end their session`, async () => {
    const sessions = await Promise.all(Array.from({ length: PROCESSES }, () => stage.open('/servers/own/mcp')));
    const calls = sessions.map((session) => session.callTool('pid', {}));
    expect(new Set((await Promise.all(calls)).map(answerText)).size).toBe(PROCESSES);
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
    await stage.nothingLeft();
  }, 120_000);

  it(`leave none when ${PROCESSES} of them vanish from the older transport in the middle of a call`, async () => {
    const streams = await Promise.all(
      Array.from({ length: PROCESSES }, () => openLegacyStream(stage.gateway, '/servers/own/sse')),
    );
    for (const { stream, endpoint } of streams) {
      await stage.rest(endpoint, { method: 'POST', body: JSON.stringify(initializeBody()) });
      await stream.hears('the answer to initialize', ({ id }) => id === 0);
      await stage.rest(endpoint, { method: 'POST', body: JSON.stringify(callBody(1, 'never', {})) });
    }
    for (const { stream } of streams) stream.break();
    await stage.nothingLeft();
  }, 120_000);
});
