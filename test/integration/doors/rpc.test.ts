import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import { outline } from '../../support/otlp.ts';
import { answerError, answerText, type Json } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { initializeRequest, startDoorGateway, toolCall, type DoorServer } from './door-support.ts';

describe('plain JSON-RPC at /rpc', () => {
  let server: DoorServer;
  let gateway: GatewayProcess;
  let nameOf: (tool: string) => string;

  beforeAll(async () => {
    ({ server, gateway } = await startDoorGateway());
    const { result } = (await (await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).json()) as {
      result: { tools: { name: string }[] };
    };
    nameOf = (tool) => result.tools.find(({ name }) => name.endsWith(tool))?.name ?? '';
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const post = (body: unknown, init: RequestInit = {}): Promise<Response> =>
    gateway.rest('/rpc', { method: 'POST', body: JSON.stringify(body), ...init });
  const answer = async (body: unknown): Promise<Json> => (await (await post(body)).json()) as Json;

  it('answers a list and a call without a handshake, as plain JSON, to a form\u2019s content type too', async () => {
    const response = await post(
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { headers: { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' } },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
    expect(answerText(await answer(toolCall('x', nameOf('echo'), { text: 'hello' })))).toBe('hello');
  });

  it('leaves out what comes before the answer, even for a caller that takes event streams', async () => {
    const path = server.newPath();
    writeFileSync(path, '');
    const call = toolCall(1, nameOf('tell_then_wait'), { label: 'plain', path }, { progressToken: 1 });
    const response = await post(call, { headers: { accept: 'application/json, text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(answerText((await response.json()) as Json)).toBe('plain');
  });

  it('answers a batch with one array, and one of notifications with nothing', async () => {
    const batch = [toolCall(1, nameOf('echo'), { text: 'a' }), { jsonrpc: '2.0', id: 2, method: 'ping' }];
    const response = await post([...batch, { jsonrpc: '2.0', method: 'notifications/initialized' }]);
    expect(((await response.json()) as Json[]).map(({ id }) => id).sort()).toEqual([1, 2]);
    const silent = await post([{ jsonrpc: '2.0', method: 'notifications/initialized' }]);
    expect(silent.status).toBe(202);
    expect(await silent.text()).toBe('');
  });

  it('takes calls of many callers under one id at the same time', async () => {
    const paths = ['a', 'b', 'c'].map(() => server.newPath());
    const calls = paths.map((path, index) =>
      answer(toolCall(1, nameOf('tell_then_wait'), { label: `same-id-${index}`, path })),
    );
    // The last that was asked is answered first.
    for (const path of paths.toReversed()) writeFileSync(path, '');
    const texts = (await Promise.all(calls)).map(answerText);
    expect(texts).toEqual(['same-id-0', 'same-id-1', 'same-id-2']);
  });

  it('a caller that leaves cancels its own call and no other, and nobody can cancel another\u2019s by its id', async () => {
    const leaving = new AbortController();
    const [stays, leaves] = [server.newPath(), server.newPath()];
    const { traceId, traceparent } = newCallerContext();
    const staying = answer(toolCall(1, nameOf('tell_then_wait'), { label: 'stays', path: stays }));
    const left = post(toolCall(1, nameOf('tell_then_wait'), { label: 'leaves', path: leaves }, { traceparent }), {
      signal: leaving.signal,
    });
    left.catch(() => undefined);
    await gateway.waitForTrace('both run', (trace) => trace.traceId === traceId && trace.openSpanCount === 4);
    const cancel = await post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(cancel.status).toBe(202);
    leaving.abort();
    await eventually('the server was told', () => server.cancelled().includes('leaves'));
    writeFileSync(stays, '');
    expect(answerText(await staying)).toBe('stays');
    expect(server.cancelled()).not.toContain('stays');
    await gateway.finishedSpans(traceId);
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('cancelled');
  });

  it('keeps one session with each server for all calls', async () => {
    const pids = await Promise.all([1, 2].map(() => answer(toolCall(1, nameOf('pid'), {})).then(answerText)));
    expect(new Set(pids).size).toBe(1);
  });

  it('answers initialize too, and gives no session', async () => {
    const response = await post(initializeRequest('2025-06-18'));
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toMatchObject({
      id: 0,
      result: { protocolVersion: '2025-06-18', serverInfo: { name: 'throughline' } },
    });
  });

  it('lets no server ask anything of its callers', async () => {
    const asked = await answer(toolCall(1, nameOf('ask_user'), { label: 'who?' }));
    expect(JSON.stringify(asked)).toMatch(/elicitation|not listening/i);
    expect(await answer({ jsonrpc: '2.0', id: 5, result: {} })).toMatchObject({ error: { code: -32600 } });
  });

  it('one call is one trace of the usual shape', async () => {
    const { traceId, traceparent } = newCallerContext();
    await answer(toolCall(1, nameOf('echo'), { text: 'x' }, { traceparent }));
    expect(outline(await gateway.finishedSpans(traceId))).toEqual([
      'POST /rpc',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
  });

  it.each(['GET', 'DELETE', 'PUT'])('%s gets 405 and a sentence', async (method) => {
    const response = await gateway.rest('/rpc', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(answerError((await response.json()) as Json).message).toBe('Send JSON-RPC requests with POST.');
  });
});
