import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type HttpListener } from '../../fixtures/servers/http-listener.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { onLines } from '../../support/on-lines.ts';
import { spanNamed, type OtlpSpan } from '../../support/otlp.ts';
import { openRawSession, type RawSession } from '../../support/raw-session.ts';
import { newCallerContext, type CallerContext } from '../../support/trace-context.ts';

const PARALLEL = 50;

const SERVER_SPAN = 'tools/call forecast';
const WORK_SPAN = 'ask the weather service';

function script(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/servers/joining/${name}`, import.meta.url));
}

/** A server that somebody else starts; it is told where to send to as its user would tell it. */
async function startHttpServer(name: string, otlpOrigin: string): Promise<{ url: string; child: ChildProcess }> {
  const env = { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: otlpOrigin };
  const child = spawn(process.execPath, [script(name)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => {
    onLines(child.stdout, resolve);
  });
  return { url, child };
}

/** Where servers over HTTP send to: they are started before the gateway, whose port nobody knows then. */
async function startWayToReceiver(gateway: () => GatewayProcess): Promise<HttpListener> {
  return listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await gateway().rest(request.url ?? '', {
      method: request.method ?? '',
      headers: { 'content-type': request.headers['content-type'] ?? '' },
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
}

describe('servers that join the trace', () => {
  let gateway: GatewayProcess;
  /** Not there when its start failed: the servers are to be ended all the same. */
  let started: GatewayProcess | undefined;
  let way: HttpListener;
  const children: ChildProcess[] = [];
  const sessions = new Map<string, RawSession>();

  beforeAll(async () => {
    way = await startWayToReceiver(() => gateway);
    const v1 = await startHttpServer('v1-http.mjs', way.origin);
    const v2 = await startHttpServer('v2-http.mjs', way.origin);
    const sse = await startHttpServer('v1-sse.mjs', way.origin);
    children.push(v1.child, v2.child, sse.child);
    const stdio = (name: string) => ({ command: process.execPath, args: [script(name)] });
    started = await startGateway({
      config: {
        mcpServers: {
          'v1-stdio': stdio('v1-stdio.mjs'),
          'v2-stdio': stdio('v2-stdio.mjs'),
          stock: stdio('stock-stdio.mjs'),
          'v1-http': { type: 'http', url: v1.url },
          'v1-sse': { type: 'sse', url: sse.url },
          'v2-http': { type: 'http', url: v2.url },
        },
      },
    });
    gateway = started;
  });

  afterAll(async () => {
    await started?.stop();
    await way.close();
    for (const child of children) child.kill();
  });

  async function sessionWith(server: string): Promise<RawSession> {
    const open = sessions.get(server) ?? (await openRawSession(gateway, `/servers/${server}/mcp`));
    sessions.set(server, open);
    return open;
  }

  /** The spans of a caller's trace once the server's own have arrived. */
  async function spansOf(caller: CallerContext): Promise<readonly OtlpSpan[]> {
    return eventually(`the server's spans of ${caller.traceId} arrived`, async () => {
      const spans = await gateway.finishedSpans(caller.traceId);
      const names = new Set(spans.map(({ name }) => name));
      return names.has(SERVER_SPAN) && names.has(WORK_SPAN) && spans;
    });
  }

  function expectTree(spans: readonly OtlpSpan[], service: string, city: string): void {
    const call = spanNamed(spans, 'mcp.client.call');
    const server = spanNamed(spans, SERVER_SPAN);
    const work = spanNamed(spans, WORK_SPAN);
    expect(server).toMatchObject({ parentSpanId: call.spanId, kind: 'SERVER', status: 'UNSET', service });
    expect(server.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'forecast',
      'gen_ai.operation.name': 'execute_tool',
      // The gateway's own id for the request is the one that its server sees.
      'jsonrpc.request.id': call.attributes['jsonrpc.request.id'],
    });
    expect(work).toMatchObject({ parentSpanId: server.spanId, kind: 'INTERNAL', service });
    expect(work.attributes['weather.city']).toBe(city);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  }

  // What a server is called is up to whoever starts it: the gateway for a process of its own, else the server.
  const SERVERS = [
    ['v1-stdio', 'v1-stdio', 'SDK v1 over stdio'],
    ['v1-http', 'weather-http', 'SDK v1 over Streamable HTTP'],
    ['v1-sse', 'weather-sse', 'SDK v1 over HTTP+SSE'],
    ['v2-stdio', 'v2-stdio', 'SDK v2 over stdio'],
    ['v2-http', 'weather-v2-http', 'SDK v2 over Streamable HTTP'],
    ['stock', 'stock', 'the stock packages of OpenTelemetry alone'],
  ] as const;

  it.each(SERVERS)('have their spans below the call that reached them: %s (%s), with %s', async (server, service) => {
    const session = await sessionWith(server);
    const caller = newCallerContext();
    await session.callTool('forecast', { city: 'Oslo' }, { traceparent: caller.traceparent });
    expectTree(await spansOf(caller), service, 'Oslo');
  });

  it.each(SERVERS)(`R54: keep ${PARALLEL} calls at once apart: %s`, async (server, service) => {
    const session = await sessionWith(server);
    const callers = Array.from({ length: PARALLEL }, newCallerContext);
    await Promise.all(
      callers.map(({ traceparent }, index) => session.callTool('forecast', { city: `city ${index}` }, { traceparent })),
    );
    for (const [index, caller] of callers.entries()) expectTree(await spansOf(caller), service, `city ${index}`);
  });

  it.each(['v1-http', 'v2-stdio', 'v2-http'])('say that a tool failed, and not what it said: %s', async (server) => {
    const session = await sessionWith(server);
    const caller = newCallerContext();
    await session.callTool('storm', { word: 'hailstones' }, { traceparent: caller.traceparent });
    const spans = await eventually('the span of the failed call arrived', async () => {
      const all = await gateway.finishedSpans(caller.traceId);
      return all.some(({ name }) => name === 'tools/call storm') && all;
    });
    const span = spanNamed(spans, 'tools/call storm');
    expect(span).toMatchObject({ status: 'ERROR', statusMessage: '', attributes: { 'error.type': 'tool_error' } });
    expect(JSON.stringify([span.attributes, span.events])).not.toContain('hailstones');
  });
});
