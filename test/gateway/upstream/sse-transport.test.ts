import { describe, expect, it } from 'vitest';
import { EVENT_STREAM, startScriptedHttp, type Script } from '../../fixtures/servers/scripted-http.ts';
import { startSseWorkbench } from '../../fixtures/servers/sse-workbench.ts';
import { eventually } from '../../support/eventually.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';

const HEADERS = { Authorization: 'Bearer its-own' };

describe('a server that speaks HTTP+SSE (2024-11-05)', () => {
  it('is connected to, lists its tools and answers calls, each client in a session of its own', async () => {
    await using server = await startSseWorkbench();
    await using stage = upstreamStage({ type: 'sse', url: server.url, headers: HEADERS });
    await stage.server.connect();
    expect(stage.server.status()).toMatchObject({ state: 'connected', failure: null, pid: null });
    expect(stage.server.status().catalog.tools.length).toBeGreaterThan(5);
    const clients = [stage.client(), stage.client()];
    const texts = await Promise.all(clients.map((client) => client.tool('echo_text', { text: client.id })));
    expect(texts).toEqual(clients.map(({ id }) => id));
    expect(server.streams).toHaveLength(3);
  });

  it('R58, R59: gets the configured headers on everything, and the trace context of each message with it', async () => {
    await using server = await startSseWorkbench();
    await using stage = upstreamStage({ type: 'sse', url: server.url, headers: HEADERS });
    await stage.server.connect();
    const client = stage.client();
    await client.tool('echo_text', { text: 'one' });
    await client.tool('echo_text', { text: 'two' });
    for (const headers of [...server.streams, ...server.posts.map((post) => post.headers)])
      expect(headers.authorization).toBe('Bearer its-own');
    const calls = server.posts.filter(({ message }) => message['method'] === 'tools/call');
    const own = client.calls.map(({ traceContext }) => traceContext.traceparent);
    expect(calls.map(({ headers }) => headers['traceparent'])).toEqual(own);
    expect(new Set(own).size).toBe(2);
    for (const headers of server.streams) expect(headers['traceparent']).toBeUndefined();
  });

  it('carries progress, logs and cancellation', async () => {
    await using server = await startSseWorkbench();
    await using stage = upstreamStage({ type: 'sse', url: server.url, headers: {} });
    await stage.server.connect();
    const client = stage.client();
    const heard: string[] = [];
    const params = { _meta: { progressToken: 'p' } };
    const onRelated = ({ method }: { readonly method: string }): void => {
      heard.push(method);
    };
    await client.tool('chatty', { steps: 2, label: 'x' }, { params, onRelated });
    expect(heard).toEqual(['notifications/progress', 'notifications/progress', 'notifications/message']);
    const leaving = new AbortController();
    const call = client.tool('never', {}, { signal: leaving.signal });
    await eventually('the call is with the server', () =>
      server.posts.some(({ message }) => JSON.stringify(message).includes('"never"')),
    );
    leaving.abort();
    await expect(call).rejects.toMatchObject({ category: 'cancelled' });
    await eventually('the server was told', () =>
      server.posts.some(({ message }) => message['method'] === 'notifications/cancelled'),
    );
  });

  it('whose stream ends is connected to again, and a client goes on with its next call', async () => {
    await using server = await startSseWorkbench();
    await using stage = upstreamStage({ type: 'sse', url: server.url, headers: {} });
    await stage.server.connect();
    const client = stage.client();
    const call = client.tool('never');
    await eventually('the call is with the server', () =>
      server.posts.some(({ message }) => JSON.stringify(message).includes('"never"')),
    );
    const restarting = stage.reached('restarting');
    server.endStreams();
    await expect(call).rejects.toMatchObject({ message: 'Server "stage" ended its event stream.' });
    await restarting;
    expect(stage.server.status().failure).toBe('Server "stage" ended its event stream. It is being restarted.');
    expect(await client.tool('echo_text', { text: 'again' })).toBe('again');
    await stage.reached('connected');
  });
});

/** What a server answers to the GET of its event stream. */
const STREAMS: Readonly<Record<string, Script>> = {
  'names an address elsewhere': (_request, response) => {
    response.writeHead(200, EVENT_STREAM).write('event: endpoint\ndata: http://127.0.0.1:9/steal?x=1\n\n');
    return true;
  },
  'names an address of another scheme': (_request, response) => {
    response.writeHead(200, EVENT_STREAM).write('event: endpoint\ndata: file:///etc/passwd\n\n');
    return true;
  },
  'names no URL': (_request, response) => {
    response.writeHead(200, EVENT_STREAM).write('event: endpoint\ndata: http://[\n\n');
    return true;
  },
  'names no address': (_request, response) => {
    response.writeHead(200, EVENT_STREAM).write(': soon\n\n');
    return true;
  },
  'ends before it named one': (_request, response) => {
    response.writeHead(200, EVENT_STREAM).end(': sorry\n\n');
    return true;
  },
  'is a web page': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
    return true;
  },
  'wants a token': (_request, response) => {
    response.writeHead(401).end();
    return true;
  },
  redirects: (_request, response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:9/sse' }).end();
    return true;
  },
};

const SENTENCES: Readonly<Record<string, RegExp>> = {
  'names an address elsewhere': /^Server "stage" wants its messages at http:\/\/127\.0\.0\.1:9, .* not sent\./,
  'names an address of another scheme': /^Server "stage" wants its messages at file:, .* not sent\./,
  'names no URL': /^Server "stage" named an address for messages that is no URL\./,
  'names no address': /^Server "stage" did not name its address for messages within 0\.5 s\./,
  'ends before it named one': /^Server "stage" ended its event stream\./,
  'is a web page': /^Server "stage" answered with content type "text\/html" where MCP wants text\/event-stream\./,
  'wants a token': /^Server "stage" refused the request with HTTP 401\. Check the Authorization header/,
  redirects: /^Server "stage" refused the request with HTTP 307\./,
};

describe('an event stream that is none', () => {
  it.each(Object.keys(STREAMS))('since the server %s: says so, sends nothing and keeps no connection', async (name) => {
    await using http = await startScriptedHttp(STREAMS[name] ?? (() => false));
    await using stage = upstreamStage(
      { type: 'sse', url: http.url, headers: HEADERS },
      { connectTimeoutMillis: name === 'names no address' ? 500 : 10_000 },
    );
    await stage.server.connect();
    expect(stage.server.status().failure).toMatch(SENTENCES[name] ?? /never/);
    expect(stage.server.status().state).not.toBe('connected');
    await stage.server.stop();
    expect(http.requests.every(({ method }) => method === 'GET')).toBe(true);
    await eventually('no connection is left', () => http.openConnections === 0);
  });
});
