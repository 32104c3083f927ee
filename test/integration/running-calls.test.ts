import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { startMisbehavingHttp } from '../fixtures/servers/misbehaving-http.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { spanNamed, type OtlpSpan } from '../support/otlp.ts';
import { answerError, answerText, openRawSession } from '../support/raw-session.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { openSpanNames } from '../support/trace-tree.ts';
import { wireMessagesOf } from '../support/wire-record.ts';

/** Every span of the path of a call that somebody gave up. */
function expectCancelled(spans: readonly OtlpSpan[]): void {
  for (const name of ['POST /servers/{id}/mcp', 'tool.invoke', 'mcp.client.call']) {
    const span = spanNamed(spans, name);
    expect(span).toMatchObject({ name, status: 'UNSET' });
    expect(span.attributes['error.type']).toBe('cancelled');
  }
}

describe('a call that runs', () => {
  const folder = temporaryFolder();
  const recordFile = join(folder, 'wire.jsonl');
  let http: HttpWorkbench;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    http = await startHttpWorkbench();
    gateway = await startGateway({
      config: { mcpServers: { local: workbenchStdio(recordFile), remote: { type: 'http', url: http.url } } },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  const untilPending = (traceId: string): Promise<unknown> =>
    gateway.waitForTrace(
      'the call reached its server',
      (trace) => trace.traceId === traceId && trace.openSpanCount === 4,
    );

  /** The id under which the server has the call; the server may read it later than the trace shows it. */
  const upstreamIdOf = (traceId: string): Promise<string | number> =>
    eventually('the server has the call', () => {
      const calls = wireMessagesOf(recordFile, 'tools/call');
      return calls.find(({ params }) => JSON.stringify(params).includes(traceId))?.id ?? null;
    });

  const untilToldToCancel = (requestId: string | number): Promise<unknown> =>
    eventually('the server was told', () =>
      wireMessagesOf(recordFile, 'notifications/cancelled').some(({ params }) => params?.['requestId'] === requestId),
    );

  it('R53: is shown while it runs, with its open spans, and completes in place', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const path = join(folder, 'go');
    const answer = session.callTool('wait_for_file', { path }, { traceparent });
    await untilPending(traceId);

    const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
    expect(line).toMatchObject({ status: 'pending', durationMs: null, spanCount: 4 });
    expect(openSpanNames(await gateway.tree(traceId))).toEqual([
      'POST /servers/{id}/mcp',
      'tool.invoke',
      'mcp.client.call',
      'mcp.client.request',
    ]);

    writeFileSync(path, '');
    expect(answerText(await answer)).toBe('it is there');
    expect(await gateway.finishedSpans(traceId)).toHaveLength(5);
    const ended = (await gateway.traces()).find((trace) => trace.traceId === traceId);
    expect(ended).toMatchObject({ status: 'ok', openSpanCount: 0 });
    expect(openSpanNames(await gateway.tree(traceId))).toEqual([]);
  });

  it('R36: is cancelled when its client disconnects, at the server too', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const leaving = new AbortController();
    const call = session.callTool('never', {}, { traceparent }, { signal: leaving.signal });
    call.catch(() => undefined);
    await untilPending(traceId);
    const upstreamId = await upstreamIdOf(traceId);
    leaving.abort();
    await untilToldToCancel(upstreamId);
    expectCancelled(await gateway.finishedSpans(traceId));
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('cancelled');
    expect(answerText(await session.callTool('echo_text', { text: 'still here' }))).toBe('still here');
  });

  it('R36: is cancelled when the official client cancels it, and the session goes on', async () => {
    await using session = await sdkClient(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const stop = new AbortController();
    const params = { name: 'never', arguments: {}, _meta: { traceparent } };
    const call = session.client.callTool(params, undefined, { signal: stop.signal });
    call.catch(() => undefined);
    await untilPending(traceId);
    const upstreamId = await upstreamIdOf(traceId);
    stop.abort('enough');
    await untilToldToCancel(upstreamId);
    await gateway.finishedSpans(traceId);
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('cancelled');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'x' } });
  });

  it('R36: over HTTP is let go upstream when its client disconnects', async () => {
    const session = await openRawSession(gateway, '/servers/remote/mcp');
    const { traceId, traceparent } = newCallerContext();
    const leaving = new AbortController();
    session.callTool('never', {}, { traceparent }, { signal: leaving.signal }).catch(() => undefined);
    await untilPending(traceId);
    leaving.abort();
    await eventually('the server was told', () => http.requestsOf('notifications/cancelled').length > 0);
    expectCancelled(await gateway.finishedSpans(traceId));
  });

  it('sends its progress and its log messages to the client that made it', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const params = { name: 'chatty', arguments: { steps: 3, label: 'mine' }, _meta: { progressToken: 'my-token' } };
    const { messages } = await session.post({ jsonrpc: '2.0', id: 'c', method: 'tools/call', params });
    expect(messages.filter(({ method }) => method === 'notifications/progress')).toEqual(
      [1, 2, 3].map((progress) => ({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'my-token', progress, total: 3, message: 'mine' },
      })),
    );
    expect(messages.filter(({ method }) => method === 'notifications/message')).toHaveLength(1);
    expect(messages.at(-1)).toMatchObject({ id: 'c', result: { content: [{ text: 'mine' }] } });
  });

  it('R37: never keeps a trace open by the stream that a client listens on', async () => {
    await using session = await sdkClient(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'x' }, _meta: { traceparent } });
    await gateway.finishedSpans(traceId);
    await eventually('no trace is open', async () =>
      (await gateway.traces()).every(({ status }) => status !== 'pending'),
    );
  });
});

describe('a call that takes too long', () => {
  it('R52: ends at the time-out with one sentence, its spans ended, its server told, its neighbours unharmed', async () => {
    const recordFile = join(temporaryFolder(), 'wire.jsonl');
    await using gateway = await startGateway({
      config: { mcpServers: { local: workbenchStdio(recordFile) }, gateway: { requestTimeoutMs: 2_000 } },
    });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const { message } = answerError(await session.callTool('never', {}, { traceparent }));
    expect(message).toMatch(/^[^.\n]*local[^\n]*\.$/);
    const spans = await gateway.finishedSpans(traceId);
    for (const name of ['POST /servers/{id}/mcp', 'tool.invoke', 'mcp.client.call']) {
      const span = spanNamed(spans, name);
      expect(span).toMatchObject({ name, status: 'ERROR', statusMessage: message });
      expect(span.attributes['error.type']).toBe('timeout');
    }
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)).toMatchObject({
      status: 'error',
      errorMessage: message,
    });
    await eventually('the server was told', () => wireMessagesOf(recordFile, 'notifications/cancelled').length === 1);
    expect(answerText(await session.callTool('echo_text', { text: 'next' }))).toBe('next');
  });

  it('R52: over HTTP ends the same way and lets go of the connection', async () => {
    const http = await startMisbehavingHttp({ behaviour: 'hangs', from: 'calls' });
    await using gateway = await startGateway({
      config: { mcpServers: { remote: { type: 'http', url: http.url } }, gateway: { requestTimeoutMs: 2_000 } },
    });
    const session = await openRawSession(gateway, '/servers/remote/mcp');
    const { traceId, traceparent } = newCallerContext();
    answerError(await session.callTool('echo_text', {}, { traceparent }));
    const call = spanNamed(await gateway.finishedSpans(traceId), 'mcp.client.call');
    expect(call.attributes['error.type']).toBe('timeout');
    await eventually('the connection was let go', () => http.abandoned() === 1);
    await http.close();
  });
});
