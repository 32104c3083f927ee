import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import { eventually } from '../../support/eventually.ts';
import type { OtlpSpan } from '../../support/otlp.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import {
  initializeRequest,
  openLegacyStream,
  openRawStream,
  startDoorGateway,
  toolCall,
  type DoorServer,
} from './door-support.ts';

describe('a stream that a client holds open', () => {
  let server: DoorServer;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    ({ server, gateway } = await startDoorGateway());
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const noneIsOpen = (): Promise<unknown> =>
    eventually('no trace is open', async () => (await gateway.traces()).every(({ status }) => status !== 'pending'));

  /** The record of a stream's end, which links that of its beginning. */
  async function recordOfTheEnd(name: string, opened: OtlpSpan): Promise<OtlpSpan> {
    return eventually('the end is recorded', async () => {
      for (const trace of (await gateway.traces()).filter((line) => line.name === name)) {
        const [span] = await gateway.finishedSpans(trace.traceId);
        if (span?.links.some(({ spanId }) => spanId === opened.spanId) === true) return span;
      }
      return null;
    });
  }

  async function recordOfTheBeginning(traceId: string): Promise<OtlpSpan> {
    const [opened, ...others] = await gateway.finishedSpans(traceId);
    if (opened === undefined) throw new Error('Nothing was recorded.');
    expect(others).toEqual([]);
    return opened;
  }

  it('R37: by GET is recorded when it opens and when it ends, with how many messages went over it', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const headers = { 'mcp-session-id': session.sessionId ?? '' };
    const { traceId, spanId, traceparent } = newCallerContext();
    const stream = await openRawStream(gateway, '/servers/local/mcp', { headers: { ...headers, traceparent } });
    expect(stream.headers['x-correlation-id']).toMatch(/./);
    const opened = await recordOfTheBeginning(traceId);
    expect(opened).toMatchObject({ name: 'GET /servers/{id}/mcp', parentSpanId: spanId });
    await session.callTool('announce', {});
    await session.callTool('announce', {});
    await eventually('both came', () => stream.messages().length === 2);
    await noneIsOpen();
    stream.break();
    const closed = await recordOfTheEnd('GET /servers/{id}/mcp', opened);
    expect(closed.traceId).not.toBe(traceId);
    expect(closed.attributes['throughline.stream.messages']).toBe(2);
    await noneIsOpen();
  });

  it('R37: that goes on with a broken one says after which event', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const headers = { 'mcp-session-id': session.sessionId ?? '' };
    const { traceId, traceparent } = newCallerContext();
    const resumed = { ...headers, traceparent, 'last-event-id': '0-0' };
    const stream = await openRawStream(gateway, '/servers/local/mcp', { headers: resumed });
    const opened = await recordOfTheBeginning(traceId);
    expect(opened.attributes['throughline.stream.resumed_from']).toBe('0-0');
    stream.break();
  });

  it('R37: of the older transport is recorded so too, and each of its messages has its own trace', async () => {
    const { traceId, traceparent } = newCallerContext();
    const stream = await openRawStream(gateway, '/servers/local/sse', { headers: { traceparent } });
    const { data: endpoint } = await eventually('the address', () => stream.events[0] ?? null);
    const opened = await recordOfTheBeginning(traceId);
    expect(opened.name).toBe('GET /servers/{id}/sse');
    const send = (body: unknown): Promise<Response> =>
      gateway.rest(endpoint, { method: 'POST', body: JSON.stringify(body) });
    await send(initializeRequest('2024-11-05'));
    const callers = [newCallerContext(), newCallerContext()];
    for (const [index, caller] of callers.entries()) {
      await send(toolCall(index + 1, 'echo', { text: 'x' }, { traceparent: caller.traceparent }));
      await stream.hears('the answer', ({ id }) => id === index + 1);
      const names = (await gateway.finishedSpans(caller.traceId)).map(({ name }) => name);
      expect(names).toContain('POST /servers/{id}/message');
    }
    await noneIsOpen();
    stream.break();
    // The answers to initialize and to two calls.
    const closed = await recordOfTheEnd('GET /servers/{id}/sse', opened);
    expect(closed.attributes['throughline.stream.messages']).toBe(3);
    await noneIsOpen();
  });

  it('R37: holds no root open while a call waits on it, but that of the call', async () => {
    const { stream, endpoint } = await openLegacyStream(gateway, '/servers/local/sse');
    const path = server.newPath();
    const send = (body: unknown): Promise<Response> =>
      gateway.rest(endpoint, { method: 'POST', body: JSON.stringify(body) });
    await send(initializeRequest('2024-11-05'));
    await stream.hears('the answer to initialize', ({ id }) => id === 0);
    await send(toolCall(1, 'tell_then_wait', { label: 'alone', path }));
    await stream.hears('the call runs', ({ method }) => method === 'notifications/message');
    const pending = await eventually('the call is shown', async () => {
      const open = (await gateway.traces()).filter(({ status }) => status === 'pending');
      return open.length > 0 && open;
    });
    expect(pending.map(({ name }) => name)).not.toContain('GET /servers/{id}/sse');
    writeFileSync(path, '');
    await stream.hears('the answer', ({ id }) => id === 1);
    stream.break();
    await noneIsOpen();
  });
});
