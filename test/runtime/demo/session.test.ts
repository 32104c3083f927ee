import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createDemoServer } from '../../../src/runtime/demo/server/demo-server.ts';
import { createDemoSession, demoScript } from '../../../src/runtime/demo/session.ts';

interface Seen {
  readonly httpMethod: string;
  readonly authorization: string | undefined;
  readonly message: { readonly method?: string; readonly params?: { readonly name?: string } } | null;
}

/** The demo server behind the official SDK's HTTP transport: the session must satisfy a foreign implementation. */
async function startEndpoint(): Promise<{ http: Server; url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  // Which request a notification belongs to, by the progress token that came with it.
  const requestByToken = new Map<unknown, string | number>();
  const server = createDemoServer({
    stepMs: 0,
    send(message) {
      const params = message['params'] as { progressToken?: unknown } | undefined;
      const relatedRequestId = requestByToken.get(params?.progressToken);
      const options = relatedRequestId === undefined ? {} : { relatedRequestId };
      void transport.send(message as JSONRPCMessage, options);
    },
  });
  transport.onmessage = (message) => {
    if ('id' in message && 'method' in message) requestByToken.set(message.params?._meta?.progressToken, message.id);
    server.receive(JSON.stringify(message));
  };
  await transport.start();
  const http = createServer((request, response) => {
    void readBody(request).then((body) => {
      const message = body === '' ? null : (JSON.parse(body) as Seen['message']);
      seen.push({ httpMethod: request.method ?? '', authorization: request.headers.authorization, message });
      return transport.handleRequest(request, response, message ?? undefined);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, seen };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

describe('the demo session', () => {
  const servers: Server[] = [];

  async function endpoint(): Promise<{ url: string; seen: Seen[] }> {
    const started = await startEndpoint();
    servers.push(started.http);
    return started;
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const quick = { token: 'demo-token', fetch: globalThis.fetch, pauseMs: 0, patienceMs: 50 };
  const methodsOf = (seen: readonly Seen[]): (string | undefined)[] => seen.map(({ message }) => message?.method);

  it('opens a session, calls the tools in the order of the script, cancels the last and says goodbye', async () => {
    const { url, seen } = await endpoint();
    const session = createDemoSession({ ...quick, mcpUrl: url, signal: new AbortController().signal });
    await session.begun;
    await session.ended;
    expect(methodsOf(seen)).toEqual([
      'initialize',
      'notifications/initialized',
      'tools/list',
      ...demoScript.map(() => 'tools/call'),
      'notifications/cancelled',
      undefined,
    ]);
    const called = seen.filter(({ message }) => message?.method === 'tools/call');
    expect(called.map(({ message }) => message?.params?.name)).toEqual(demoScript.map(({ tool }) => tool));
    expect(seen.at(-1)?.httpMethod).toBe('DELETE');
    expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer demo-token']));
  });

  it('cancels the running call when it is stopped, and makes no further one', async () => {
    const { url, seen } = await endpoint();
    const stop = new AbortController();
    const fetchAndStop: typeof fetch = (input, init) => {
      const isLastCall = typeof init?.body === 'string' && init.body.includes('wait_for_approval');
      if (isLastCall) {
        queueMicrotask(() => {
          stop.abort();
        });
      }
      return fetch(input, init);
    };
    const patient = { ...quick, patienceMs: 60_000, fetch: fetchAndStop };
    const session = createDemoSession({ ...patient, mcpUrl: url, signal: stop.signal });
    await session.begun;
    await session.ended;
    expect(methodsOf(seen)).toContain('notifications/cancelled');
    expect(seen.at(-1)?.httpMethod).toBe('DELETE');
  });

  it('says what to do when the gateway does not take it in', async () => {
    const refusing: typeof fetch = () => Promise.resolve(new Response('no', { status: 401 }));
    const options = { ...quick, mcpUrl: 'http://127.0.0.1:1/mcp', fetch: refusing };
    const session = createDemoSession({ ...options, signal: new AbortController().signal });
    await expect(session.begun).rejects.toThrow(
      'The gateway answered the demo with HTTP 401; look at its log, then play the demo again.',
    );
    await session.ended;
  });
});
