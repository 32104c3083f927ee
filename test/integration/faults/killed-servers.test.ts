import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { spanNamed } from '../../support/otlp.ts';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import { answerError, answerText } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { PATIENCE_MS, startStage, type FaultStage, type StageSession } from './stage.ts';

const CLIENTS = 3;
const CALLS_OF_EACH = 4;

describe('a server that is killed with calls under way', () => {
  let stage: FaultStage;

  beforeAll(async () => {
    const shared = { ...FAULT_STDIO, session: 'shared' };
    stage = await startStage({ servers: { shared, own: FAULT_STDIO, neighbour: FAULT_STDIO } });
  }, PATIENCE_MS);

  afterAll(() => stage.gateway.stop());

  async function pidOf(session: StageSession): Promise<number> {
    return Number(answerText(await session.callTool('pid', {})));
  }

  /** Calls the neighbour until it is told that it is enough, and counts. */
  function keepCalling(session: StageSession): () => Promise<number> {
    const enough = new AbortController();
    const calling = (async () => {
      let calls = 0;
      for (; !enough.signal.aborted; calls += 1) {
        expect(answerText(await session.callTool('echo', { text: `call ${calls}` }))).toBe(`call ${calls}`);
      }
      return calls;
    })();
    calling.catch(() => undefined);
    return () => {
      enough.abort();
      return calling;
    };
  }

  async function expectKilled(server: 'shared' | 'own'): Promise<void> {
    const sessions = await Promise.all(Array.from({ length: CLIENTS }, () => stage.open(`/servers/${server}/mcp`)));
    const neighbour = await stage.open('/servers/neighbour/mcp');
    const pids = new Set(await Promise.all(sessions.map(pidOf)));
    expect(pids.size).toBe(server === 'shared' ? 1 : CLIENTS);

    const stopCalling = keepCalling(neighbour);
    const calls = sessions.flatMap((session) =>
      Array.from({ length: CALLS_OF_EACH }, () => {
        const { traceId, traceparent } = newCallerContext();
        return { traceId, answer: session.callTool('never', {}, { traceparent }) };
      }),
    );
    await eventually(
      'every call is with the server',
      async () =>
        (await stage.pendingTraces()).filter(({ openSpanCount }) => openSpanCount === 4).length >= calls.length,
      PATIENCE_MS,
    );
    for (const pid of pids) process.kill(pid, 'SIGKILL');

    for (const { traceId, answer } of calls) {
      const { message } = answerError(await answer);
      expect(message).toBe(`Server "${server}" was ended by SIGKILL.`);
      const spans = await stage.gateway.finishedSpans(traceId);
      expect(spans).toHaveLength(4);
      expect(spanNamed(spans, 'mcp.client.call')).toMatchObject({ status: 'ERROR', statusMessage: message });
      expect(spanNamed(spans, 'mcp.client.call').attributes['error.type']).toBe('connection_reset');
    }
    for (const session of sessions) {
      expect(answerText(await session.callTool('echo', { text: 'again' }))).toBe('again');
      expect(pids.has(await pidOf(session))).toBe(false);
    }
    expect(await stopCalling()).toBeGreaterThan(0);
    await Promise.all([neighbour, ...sessions].map((session) => session[Symbol.asyncDispose]()));
    await stage.nothingLeft();
  }

  it('and shared by its clients ends their calls with how it ended, and takes their next ones; a neighbour notices nothing', async () => {
    await expectKilled('shared');
  }, 120_000);

  it('and of one client each ends their calls with how it ended, and takes their next ones; a neighbour notices nothing', async () => {
    await expectKilled('own');
  }, 120_000);
});
