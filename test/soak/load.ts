import { once } from 'node:events';
import {
  callBody,
  initializeBody,
  openSocket,
  requestBytes,
  type RawRequest,
} from '../integration/faults/raw-client.ts';
import type { FaultStage } from '../integration/faults/stage.ts';
import { answerText, type RawSession } from '../support/raw-session.ts';

const CALLS = 300;
const AT_ONCE = 8;
const LARGE_BYTES = 4 * 1024 * 1024;
const FLOOD = 2_000;
const VISITS = 40;

/** One of everything that may leave something behind. Resolves with how many calls were made. */
export async function oneRound(stage: FaultStage): Promise<number> {
  const calls = await Promise.all(['own', 'shared', 'remote'].map((server) => callServer(stage, server)));
  await vanish(stage);
  await killServer(stage);
  return calls.reduce((sum, each) => sum + each, 0);
}

async function callServer(stage: FaultStage, server: string): Promise<number> {
  await using session = await stage.open(`/servers/${server}/mcp`);
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (calls < CALLS) {
      calls += 1;
      const text = `${calls} ${'x'.repeat(1_000)}`;
      expectText(await echo(session, text), text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await session.callTool('bulk', { bytes: LARGE_BYTES });
  await session.post(callBody(0, 'flood', { times: FLOOD }));
  return calls + 2;
}

/** Clients that begin something and leave. */
async function vanish(stage: FaultStage): Promise<void> {
  const ways: readonly RawRequest[] = [
    { method: 'POST', path: '/mcp', body: initializeBody() },
    { method: 'GET', path: '/sse' },
    { method: 'GET', path: '/servers/own/sse' },
    { method: 'POST', path: '/rpc', body: { jsonrpc: '2.0', id: 1, method: 'ping' } },
  ];
  for (let visit = 0; visit < VISITS; visit += 1) {
    const way = ways[visit % ways.length];
    if (way === undefined) throw new Error('There is no way to go.');
    const socket = await openSocket(stage);
    const answered = once(socket, 'readable');
    socket.write(requestBytes(stage, way));
    await answered;
    socket.destroy();
  }
}

async function killServer(stage: FaultStage): Promise<void> {
  await using session = await stage.open('/servers/shared/mcp');
  const lost = session.callTool('never', {});
  process.kill(Number(answerText(await session.callTool('pid', {}))), 'SIGKILL');
  await lost;
  expectText(await echo(session, 'again'), 'again');
}

async function echo(session: RawSession, text: string): Promise<string> {
  return answerText(await session.callTool('echo', { text }));
}

function expectText(actual: string, expected: string): void {
  if (actual !== expected)
    throw new Error(`A call was answered with what another one had sent: ${actual.slice(0, 80)}`);
}
