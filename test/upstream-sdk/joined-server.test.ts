import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import assert from 'node:assert';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinTrace, leaveTrace } from '../../src/upstream-sdk/index.ts';
import { newCallerContext } from '../support/trace-context.ts';

type Json = Readonly<Record<string, unknown>>;
type Deliver = (message: Json, extra?: unknown) => void;

/** A transport whose other end is the test. */
class HandTransport {
  onmessage: Deliver | undefined;
  onclose: (() => void) | undefined;
  sessionId: string | undefined;
  readonly answers: Json[] = [];
  readonly name = 'transport';

  async start(): Promise<void> {
    // A transport may have waited with what came before it was started.
    this.onmessage?.({ jsonrpc: '2.0', method: 'notifications/early' });
  }

  async send(message: Json): Promise<void> {
    this.answers.push(message);
  }
}

/** A server as the SDKs' own do it: sets the callbacks, starts the transport, answers later. */
class HandServer {
  readonly _serverInfo = { name: 'by-hand', version: '3' };
  handle: (message: Json) => Promise<Json | null>;
  closed = 0;

  constructor(handle: (message: Json) => Promise<Json | null>) {
    this.handle = handle;
  }

  async connect(transport: HandTransport): Promise<void> {
    const earlier = transport.onmessage;
    transport.onclose = () => (this.closed += 1);
    transport.onmessage = (message, extra) => {
      earlier?.(message, extra);
      void Promise.resolve()
        .then(() => this.handle(message))
        .then((answer) => (answer === null ? undefined : transport.send({ jsonrpc: '2.0', ...answer })));
    };
    await transport.start();
  }
}

const exporter = new InMemorySpanExporter();

function spans(): readonly ReadableSpan[] {
  return exporter.getFinishedSpans().filter(({ name }) => name !== 'notifications/early');
}

async function connected(
  handle: (message: Json) => Promise<Json | null>,
): Promise<{ server: HandServer; transport: HandTransport; deliver: Deliver }> {
  const server = joinTrace(new HandServer(handle));
  const transport = new HandTransport();
  await server.connect(transport);
  return {
    server,
    transport,
    deliver: (message, extra) => transport.onmessage?.({ jsonrpc: '2.0', ...message }, extra),
  };
}

/** Lets what was delivered be handled and answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const empty = async ({ id }: Json): Promise<Json | null> => (id === undefined ? null : { id, result: {} });

async function spanOfOne(message: Json, extra?: unknown): Promise<ReadableSpan> {
  const { deliver } = await connected(empty);
  deliver(message, extra);
  await settled();
  const [span] = spans();
  if (span === undefined || spans().length > 1) throw new Error(`${spans().length} spans`);
  return span;
}

async function spanOfAnswer(answer: Json): Promise<ReadableSpan> {
  const { deliver } = await connected(async ({ id }) => ({ id, ...answer }));
  deliver({ id: 1, method: 'tools/call', params: { name: 'echo' } });
  await settled();
  return spans()[0]!;
}

describe('a joined server in a process with an SDK of its own', () => {
  beforeAll(() => {
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  });

  beforeEach(() => exporter.reset());

  afterAll(async () => {
    await leaveTrace();
    trace.disable();
  });

  it('has a SERVER span for a request, with the names of the conventions', async () => {
    const span = await spanOfOne({
      id: 'a-1',
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'x' } },
    });
    expect(span.name).toBe('tools/call echo');
    expect(span.kind).toBe(1);
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
      'jsonrpc.request.id': 'a-1',
      'network.transport': 'pipe',
    });
    expect(span.status).toEqual({ code: 0 });
  });

  it('has one for a notification, without an id', async () => {
    const span = await spanOfOne({ method: 'notifications/progress', params: { progress: 1 } });
    expect(span.name).toBe('notifications/progress');
    expect(span.attributes).not.toHaveProperty(['jsonrpc.request.id']);
  });

  it('has one for what a transport had waiting when it was started', async () => {
    await connected(empty);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['notifications/early']);
  });

  it('has none for an answer of its client', async () => {
    const { deliver } = await connected(empty);
    deliver({ id: 3, result: {} });
    await settled();
    expect(spans()).toEqual([]);
  });

  it('has one for a message that passes two wrapped callbacks', async () => {
    const server = joinTrace(joinTrace(new HandServer(empty)));
    const transport = new HandTransport();
    await server.connect(transport);
    await server.connect(transport);
    transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/progress' });
    await settled();
    expect(spans().map(({ name }) => name)).toEqual(['notifications/progress']);
  });

  describe('stands', () => {
    const caller = newCallerContext();
    const other = newCallerContext();
    const request = (meta?: Json): Json => ({
      id: 1,
      method: 'tools/list',
      params: meta === undefined ? {} : { _meta: meta },
    });
    const v1 = (headers: Json): unknown => ({ requestInfo: { headers } });
    const v2 = (headers: Record<string, string>): unknown => ({ request: new Request('http://a.b', { headers }) });

    it('below the span that _meta names', async () => {
      const span = await spanOfOne(request({ traceparent: caller.traceparent, tracestate: 'v=1' }));
      expect(span.spanContext().traceId).toBe(caller.traceId);
      expect(span.parentSpanContext?.spanId).toBe(caller.spanId);
      expect(span.spanContext().traceState?.serialize()).toBe('v=1');
      expect(span.links).toEqual([]);
    });

    it.each([
      ['v1', v1],
      ['v2', v2],
    ])('below the span that the header names, as the SDK %s tells it', async (_sdk, extra) => {
      const span = await spanOfOne(request(), extra({ traceparent: caller.traceparent }));
      expect(span.parentSpanContext?.spanId).toBe(caller.spanId);
      expect(span.attributes).toMatchObject({ 'network.transport': 'tcp', 'network.protocol.name': 'http' });
    });

    it('below that of _meta, linked to that of the header, when they differ', async () => {
      const span = await spanOfOne(
        request({ traceparent: caller.traceparent }),
        v1({ traceparent: other.traceparent }),
      );
      expect(span.parentSpanContext?.spanId).toBe(caller.spanId);
      expect(span.links.map(({ context: { spanId } }) => spanId)).toEqual([other.spanId]);
    });

    it('linked to nothing when they are the same', async () => {
      const { traceparent } = caller;
      const span = await spanOfOne(request({ traceparent }), v2({ traceparent }));
      expect(span.links).toEqual([]);
    });

    it('below the HTTP server\u2019s own span when that is traced, and linked to it when _meta names another', async () => {
      const { deliver } = await connected(empty);
      const post = trace.getTracer('http').startSpan('POST /mcp');
      const inPost = trace.setSpan(context.active(), post);
      context.with(inPost, () => deliver(request(), v1({ traceparent: other.traceparent })));
      context.with(inPost, () => deliver({ ...request({ traceparent: caller.traceparent }), id: 2 }, v1({})));
      await settled();
      const [below, linked] = spans();
      expect(below?.parentSpanContext?.spanId).toBe(post.spanContext().spanId);
      expect(linked?.parentSpanContext?.spanId).toBe(caller.spanId);
      expect(linked?.links.map(({ context: { spanId } }) => spanId)).toEqual([post.spanContext().spanId]);
    });

    it('not below what was active when the server was started, over a pipe', async () => {
      const { deliver } = await connected(empty);
      const start = trace.setSpan(context.active(), trace.getTracer('main').startSpan('start'));
      context.with(start, () => deliver(request()));
      await settled();
      expect(spans()[0]?.parentSpanContext).toBeUndefined();
    });

    it.each([
      [{ traceparent: 'nonsense' }],
      [{ traceparent: 7 }],
      [{ traceparent: `00-${'0'.repeat(32)}-${caller.spanId}-01` }],
      [{ traceparent: 'x'.repeat(9_000) }],
    ])('at the root of a trace of its own when _meta says %j', async (meta) => {
      expect((await spanOfOne(request(meta))).parentSpanContext).toBeUndefined();
    });
  });

  it('is the active span of what its handler does, however many run at once', async () => {
    const { deliver } = await connected(async ({ id }) => {
      await settled();
      trace
        .getTracer('handler')
        .startSpan(`work for ${String(id)}`)
        .end();
      return { id, result: {} };
    });
    const callers = Array.from({ length: 20 }, newCallerContext);
    callers.forEach(({ traceparent }, id) => deliver({ id, method: 'ping', params: { _meta: { traceparent } } }));
    await settled();
    await settled();
    callers.forEach(({ traceId }, id) => {
      const work = spans().find(({ name }) => name === `work for ${id}`);
      const ping = spans().find(
        ({ name, attributes }) => name === 'ping' && attributes['jsonrpc.request.id'] === `${id}`,
      );
      expect(work?.spanContext().traceId).toBe(traceId);
      expect(work?.parentSpanContext?.spanId).toBe(ping?.spanContext().spanId);
    });
  });

  describe('ends', () => {
    it('without a status for a result', async () => {
      expect(await spanOfAnswer({ result: { content: [] } })).toMatchObject({ status: { code: 0 } });
    });

    it('with tool_error for a tool that says that it failed, without what it said', async () => {
      const span = await spanOfAnswer({ result: { isError: true, content: [{ type: 'text', text: 'hidden' }] } });
      expect(span.status).toEqual({ code: 2 });
      expect(span.attributes['error.type']).toBe('tool_error');
      expect(JSON.stringify([span.attributes, span.status, span.events])).not.toContain('hidden');
    });

    it('with the code of an error, without its text', async () => {
      const span = await spanOfAnswer({ error: { code: -32603, message: 'hidden' } });
      expect(span.status).toEqual({ code: 2 });
      expect(span.attributes).toMatchObject({ 'error.type': '-32603', 'rpc.response.status_code': '-32603' });
      expect(JSON.stringify([span.attributes, span.status, span.events])).not.toContain('hidden');
    });

    it.each([-32700, -32600, -32601, -32602, -32002])(
      'without a status for the caller\u2019s own fault %s',
      async (code) => {
        const span = await spanOfAnswer({ error: { code, message: 'no' } });
        expect(span.status).toEqual({ code: 0 });
        expect(span.attributes).toHaveProperty(['rpc.response.status_code'], String(code));
        expect(span.attributes).not.toHaveProperty(['error.type']);
      },
    );

    it('as cancelled when its client gives up', async () => {
      const { deliver } = await connected(async () => null);
      deliver({ id: 5, method: 'tools/call', params: { name: 'slow' } });
      deliver({ method: 'notifications/cancelled', params: { requestId: 5 } });
      const span = spans().find(({ name }) => name === 'tools/call slow');
      expect(span?.attributes['error.type']).toBe('cancelled');
      expect(span?.status).toEqual({ code: 0 });
    });

    it('as cancelled when the connection closes, of which the server hears too', async () => {
      const { server, transport, deliver } = await connected(async () => null);
      deliver({ id: 5, method: 'ping' });
      transport.onclose?.();
      expect(spans()[0]?.attributes['error.type']).toBe('cancelled');
      expect(server.closed).toBe(1);
    });
  });

  it('knows the revision after the handshake, and a hash of the session', async () => {
    const result = { protocolVersion: '2025-06-18' };
    const { transport, deliver } = await connected(async ({ id }) => ({ id, result }));
    deliver({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } });
    await settled();
    transport.sessionId = 'a-long-secret-id';
    deliver({ id: 2, method: 'ping' }, { requestInfo: { headers: {} } });
    await settled();
    const [initialize, ping] = spans();
    expect(initialize?.attributes['mcp.protocol.version']).toBe('2025-06-18');
    expect(ping?.attributes['mcp.protocol.version']).toBe('2025-06-18');
    expect(ping?.attributes['mcp.session.id']).toMatch(/^[0-9a-f]{12}$/);
  });

  it('changes no message and hands over what the server throws', async () => {
    const message = Object.freeze({ id: 1, method: 'ping', params: Object.freeze({ _meta: Object.freeze({}) }) });
    const { transport } = await connected(empty);
    transport.onmessage?.(message);
    await settled();
    expect(transport.answers).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);

    const throwing = joinTrace({
      async connect(to: HandTransport) {
        to.onmessage = () => {
          throw new TypeError('broken');
        };
        await Promise.resolve();
        await to.start().catch(() => undefined);
      },
    });
    const second = new HandTransport();
    await throwing.connect(second);
    expect(() => second.onmessage?.({ id: 1, method: 'ping' })).toThrow('broken');
    expect(spans().at(-1)).toMatchObject({
      name: 'ping',
      status: { code: 2 },
      attributes: { 'error.type': 'TypeError' },
    });
  });

  it('serves a message that tracing cannot read', async () => {
    const { transport, deliver } = await connected(empty);
    const unreadable = new Proxy({}, { get: () => assert.fail('unreadable') });
    deliver({ id: 8, method: 'ping', params: { _meta: unreadable } });
    await settled();
    expect(transport.answers).toEqual([{ jsonrpc: '2.0', id: 8, result: {} }]);
    expect(spans()).toEqual([]);
  });

  it('keeps ten thousand spans open on a connection at most, and serves what comes beyond them', async () => {
    const { transport, deliver } = await connected(async ({ id }) => (id === 10_000 ? { id, result: {} } : null));
    for (let id = 0; id <= 10_000; id += 1) deliver({ id, method: 'ping' });
    await settled();
    expect(transport.answers).toEqual([{ jsonrpc: '2.0', id: 10_000, result: {} }]);
    transport.onclose?.();
    expect(spans()).toHaveLength(10_000);
  });
});
