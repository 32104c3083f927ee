import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpNonceServer, type HttpNonceServer } from '../../fixtures/servers/crossing/http.ts';
import { PROGRESS_STEPS, type NonceEcho } from '../../fixtures/servers/crossing/nonce-server.ts';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { outline, spanNamed, type OtlpSpan } from '../../support/otlp.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const CLIENTS = 20;
const CALLS_PER_CLIENT = 10;
const CALLS = CLIENTS * CALLS_PER_CLIENT;
const SERVERS = ['stdio_dedicated', 'stdio_shared', 'http_dedicated', 'http_shared'] as const;
type ServerName = (typeof SERVERS)[number];

/**
 * On a session of its own a client hears everything that its calls make the server say. On a shared one over HTTP each
 * message comes on its own call's stream. On a shared one over stdio nothing says whose a log or a question is, so with
 * several clients at work it must reach none of them.
 */
const CAN_ASK: readonly ServerName[] = ['stdio_dedicated', 'http_dedicated', 'http_shared'];

interface Call {
  readonly client: number;
  readonly server: ServerName;
  readonly nonce: string;
  readonly caller: ReturnType<typeof newCallerContext>;
}

interface Answered extends Call {
  readonly echo: NonceEcho;
  readonly progress: readonly { readonly progress: number; readonly message?: string | undefined }[];
  readonly spans: readonly OtlpSpan[];
}

const calls: readonly Call[] = Array.from({ length: CALLS }, (_, index) => {
  const client = index % CLIENTS;
  const round = Math.floor(index / CLIENTS);
  const server = SERVERS[(client + round) % SERVERS.length] ?? 'stdio_dedicated';
  return { client, server, nonce: `nonce-${client}-${round}`, caller: newCallerContext() };
});

/** How many calls meet at the server's gate: all of one client's where each client has a process of its own. */
function together({ client, server }: Call): number {
  const all = calls.filter((call) => call.server === server);
  return server === 'stdio_dedicated' ? all.filter((call) => call.client === client).length : all.length;
}

function config(http: readonly [HttpNonceServer, HttpNonceServer]): Readonly<Record<string, unknown>> {
  const stdio = {
    command: process.execPath,
    args: [fileURLToPath(new URL('../../fixtures/servers/crossing/stdio.ts', import.meta.url))],
    env: { NODE_COMPILE_CACHE: temporaryFolder() },
  };
  const mcpServers: Readonly<Record<ServerName, unknown>> = {
    stdio_dedicated: { ...stdio, session: 'dedicated' },
    stdio_shared: { ...stdio, session: 'shared' },
    http_dedicated: { url: http[0].url, session: 'dedicated' },
    http_shared: { url: http[1].url, session: 'shared' },
  };
  return { mcpServers };
}

/** What a server asked its client meanwhile, and the message with the answer. */
function questionLines({ spanId }: OtlpSpan, spans: readonly OtlpSpan[]): readonly string[] {
  const asked = spans.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => `      ${name}`);
  return ['    mcp.input.wait', ...asked, '        POST /mcp'];
}

describe(`${CALLS} calls at the same time, ${CLIENTS} clients, ${SERVERS.length} servers`, () => {
  let http: [HttpNonceServer, HttpNonceServer];
  let gateway: GatewayProcess;
  let clients: CapableClient[];
  let answered: readonly Answered[];

  async function make(call: Call): Promise<Answered> {
    const progress: Answered['progress'][number][] = [];
    const result = await clients[call.client]?.client.callTool(
      {
        name: `${call.server}__say_nonce`,
        arguments: { nonce: call.nonce, together: together(call) },
        _meta: { traceparent: call.caller.traceparent },
      },
      undefined,
      { onprogress: (step) => progress.push(step) },
    );
    return { ...call, echo: JSON.parse(textOf(result)) as NonceEcho, progress, spans: [] };
  }

  beforeAll(async () => {
    http = [await startHttpNonceServer(), await startHttpNonceServer()];
    gateway = await startGateway({ config: config(http) });
    clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        connectCapableClient(gateway, '/mcp', {
          name: `client-${index}`,
          sample: ({ messages }) => `client-${index} heard ${JSON.stringify(messages)}`,
          elicit: ({ message }) => ({ action: 'accept', content: { word: `client-${index} read ${message}` } }),
        }),
      ),
    );
    const made = await Promise.all(calls.map(make));
    const spans = await Promise.all(made.map(({ caller }) => gateway.finishedSpans(caller.traceId)));
    answered = made.map((call, index) => ({ ...call, spans: spans[index] ?? [] }));
  }, 300_000);

  afterAll(async () => {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    await gateway.stop();
    await Promise.all(http.map((server) => server.close()));
  });

  const of = (...servers: readonly ServerName[]): readonly Answered[] =>
    answered.filter(({ server }) => servers.includes(server));
  const ownNonces = (client: number): readonly string[] =>
    calls.filter((call) => call.client === client).map(({ nonce }) => nonce);

  it('S19: every answer reaches its own caller', () => {
    expect(answered.map(({ echo }) => echo.nonce)).toEqual(calls.map(({ nonce }) => nonce));
  });

  it('S19: every report of progress reaches its own call, and all of them do', () => {
    for (const { nonce, progress } of answered) {
      const expected = Array.from({ length: PROGRESS_STEPS }, (_, step) => ({
        progress: step + 1,
        total: PROGRESS_STEPS,
        message: nonce,
      }));
      expect(progress).toEqual(expected);
    }
  });

  it.each(CAN_ASK)('S19: %s asks the caller’s own model and user, and gets their answers', (server) => {
    expect(of(server)).toHaveLength(CALLS / SERVERS.length);
    for (const { client, nonce, echo } of of(server)) {
      const messages = JSON.stringify([{ role: 'user', content: { type: 'text', text: nonce } }]);
      expect(echo.sampled).toBe(`client-${client} heard ${messages}`);
      expect(echo.written).toBe(`client-${client} read ${nonce}`);
    }
  });

  it('S19: what a shared process says to nobody in particular reaches nobody', () => {
    for (const { echo } of of('stdio_shared')) expect([echo.sampled, echo.written]).toEqual([null, null]);
    const theirs = of('stdio_shared').map(({ nonce }) => nonce);
    const logged = clients.flatMap(({ heard }) => heard.map(({ params }) => params['data']));
    expect(logged.filter((data) => theirs.includes(String(data)))).toEqual([]);
  });

  it('S19: no client hears a word of another', () => {
    for (const [index, { heard }] of clients.entries()) {
      const words = JSON.stringify(heard).match(/nonce-\d+-\d+/g) ?? [];
      expect(words.filter((word) => !ownNonces(index).includes(word))).toEqual([]);
    }
  });

  it.each(CAN_ASK)('S19: the log of each call to %s reaches its caller once', (server) => {
    for (const { client, nonce } of of(server)) {
      const logs = clients[client]?.heard.filter(
        ({ method, params }) => method === 'notifications/message' && params['data'] === nonce,
      );
      expect(logs).toHaveLength(1);
    }
  });

  it('S19: each client has a session of its own where sessions are dedicated, and all have one where it is shared', () => {
    for (const server of ['stdio_dedicated', 'http_dedicated'] as const) {
      const owners = new Map<string, Set<number>>();
      for (const { client, echo } of of(server)) {
        owners.set(echo.session, (owners.get(echo.session) ?? new Set()).add(client));
      }
      expect([...owners.values()].map(({ size }) => size)).toEqual(Array(CLIENTS).fill(1));
    }
    for (const server of ['stdio_shared', 'http_shared'] as const) {
      expect(new Set(of(server).map(({ echo }) => echo.session)).size).toBe(1);
    }
  });

  it('R54: each call is a trace of its own, below its own caller, and nothing in it is open', () => {
    for (const { caller, echo, spans } of answered) {
      expect(outline(spans)).toEqual([
        'POST /mcp',
        '  tool.invoke',
        '    mcp.client.call',
        ...spans.filter(({ name }) => name === 'mcp.client.initialize').map(({ name }) => `      ${name}`),
        '      mcp.client.request',
        '      mcp.client.response',
        ...spans.filter(({ name }) => name === 'mcp.input.wait').flatMap((wait) => questionLines(wait, spans)),
      ]);
      expect(spans.every(({ traceId }) => traceId === caller.traceId)).toBe(true);
      const [root] = spans.filter(({ parentSpanId }) => parentSpanId === caller.spanId);
      expect(root?.name).toBe('POST /mcp');
      const { spanId } = spanNamed(spans, 'mcp.client.call');
      expect(echo.traceparent).toBe(`00-${caller.traceId}-${spanId}-01`);
    }
    expect(new Set(answered.flatMap(({ spans }) => spans.map(({ spanId }) => spanId))).size).toBe(
      answered.reduce((sum, { spans }) => sum + spans.length, 0),
    );
  });

  it('R54: each trace names the session of its own client', () => {
    const sessions = new Map<number, Set<unknown>>();
    for (const { client, spans } of answered) {
      const session = spanNamed(spans, 'tool.invoke').attributes['mcp.session.id'];
      sessions.set(client, (sessions.get(client) ?? new Set()).add(session));
    }
    expect([...sessions.values()].map(({ size }) => size)).toEqual(Array(CLIENTS).fill(1));
    const all = [...sessions.values()].flatMap((ids) => [...ids]);
    expect(all).not.toContain(undefined);
    expect(new Set(all).size).toBe(CLIENTS);
  });

  it('R54: no span of the gateway is open when all have been answered', async () => {
    // The gateway's own errands, as reading a list again, may be under way for a moment.
    const closed = await eventually('every span has ended', async () => {
      const traces = await gateway.traces();
      return traces.every(({ openSpanCount }) => openSpanCount === 0) && traces;
    });
    expect(closed.length).toBeGreaterThanOrEqual(CALLS);
  });
});
