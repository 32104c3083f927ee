import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  EVENT_STREAM,
  eventOf,
  startScriptedHttp,
  type Script,
  type ScriptedHttp,
} from '../../fixtures/servers/scripted-http.ts';
import { eventually } from '../../support/eventually.ts';
import { upstreamStage, type UpstreamStage } from '../../support/upstream-stage.ts';

interface Stage extends AsyncDisposable {
  readonly http: ScriptedHttp;
  readonly stage: UpstreamStage;
}

/** A connected server that behaves as scripted. */
async function staged(script: Script): Promise<Stage> {
  const http = await startScriptedHttp(script);
  const stage = upstreamStage({
    type: 'http',
    url: http.url,
    headers: { Authorization: 'Bearer its-own', traceparent: 'fixed' },
  });
  await stage.server.connect();
  return {
    http,
    stage,
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await http.close();
    },
  };
}

const isCall = (message: Readonly<Record<string, unknown>>): boolean => message['method'] === 'tools/call';

describe('messages to a Streamable HTTP server', () => {
  it('repeat the session and the version on everything after the handshake, and the configured headers on all', async () => {
    await using stage = await staged(() => false);
    const client = stage.stage.client();
    await client.tool('echo');
    await eventually('the session was offered a stream', () =>
      stage.http.requests.some(({ method }) => method === 'GET'),
    );
    const posts = stage.http.requests.filter(({ method }) => method === 'POST');
    const [question, handshake] = posts;
    expect(question?.message['method']).toBe('server/discover');
    expect(question?.headers).toMatchObject({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' });
    expect(handshake?.message['method']).toBe('initialize');
    expect(handshake?.headers['mcp-session-id']).toBeUndefined();
    expect(handshake?.headers['mcp-protocol-version']).toBeUndefined();
    const openings = ['server/discover', 'initialize'];
    const after = posts.filter(({ message }) => !openings.includes(String(message['method'])));
    for (const { headers } of [...after, ...stage.http.requests.filter(({ method }) => method === 'GET')]) {
      expect(headers).toMatchObject({ 'mcp-session-id': 'scripted-session', 'mcp-protocol-version': '2025-11-25' });
    }
    for (const { headers } of stage.http.requests) expect(headers.authorization).toBe('Bearer its-own');
  });

  it('R58, R59: carry the context of their own span, in the header and in _meta, and never one that was fixed before', async () => {
    await using stage = await staged(() => false);
    const client = stage.stage.client();
    await client.tool('echo');
    await client.tool('echo', {}, { params: { _meta: { traceparent: 'the-callers', progressToken: 7 } } });
    const sent = stage.http.requestsOf('tools/call');
    expect(sent).toHaveLength(2);
    for (const [index, { headers, message }] of sent.entries()) {
      const own = client.calls[index]?.traceContext.traceparent;
      const meta = (message['params'] as { _meta: Record<string, unknown> })._meta;
      expect([headers['traceparent'], meta['traceparent']]).toEqual([own, own]);
    }
    expect(new Set(sent.map(({ headers }) => headers['traceparent'])).size).toBe(2);
    for (const { headers, method } of stage.http.requests)
      if (method !== 'POST') expect(headers['traceparent']).toBeUndefined();
  });

  it('share connections between sessions, and nothing else', async () => {
    await using stage = await staged((_request, response) => {
      response.setHeader('set-cookie', 'of=one-session');
      return false;
    });
    for (let client = 1; client <= 5; client += 1) await stage.stage.client().tool('echo');
    expect(stage.http.openConnections).toBeLessThanOrEqual(3);
    await stage.stage.server.stop();
    await eventually('every connection is gone', () => stage.http.openConnections === 0);
    expect(stage.http.requestsOf('initialize')).toHaveLength(6);
    for (const { headers } of stage.http.requests) expect(headers.cookie).toBeUndefined();
  });
});

describe('a session that its server has forgotten', () => {
  it.each([
    ['404', 404, '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'],
    [
      '400',
      400,
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}',
    ],
  ])('(HTTP %s) is opened anew, for every call that was under way', async (_name, status, body) => {
    let forgets = false;
    await using stage = await staged(({ message }, response) => {
      if (message['method'] === 'initialize') forgets = false;
      if (!forgets || !isCall(message)) return false;
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      return true;
    });
    const client = stage.stage.client();
    await client.tool('echo');
    const before = stage.http.requestsOf('initialize').length;
    forgets = true;
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.tool('echo')));
    expect(answers).toEqual(Array.from({ length: 8 }, () => 'proper'));
    expect(stage.http.requestsOf('initialize')).toHaveLength(before + 1);
  });
});

describe('an answer as an event stream', () => {
  it('tells that the server takes its time, before the answer comes', async () => {
    const held: ServerResponse[] = [];
    await using stage = await staged(({ message }, response) => {
      if (!isCall(message)) return false;
      response.writeHead(200, EVENT_STREAM).flushHeaders();
      held.push(response);
      return true;
    });
    const client = stage.stage.client();
    let call: Promise<string> | undefined;
    await new Promise<void>((resolve) => {
      call = client.tool('echo', {}, { onStreaming: resolve });
    });
    const sent = stage.http.requestsOf('tools/call')[0];
    held[0]?.end(eventOf(sent?.answer ?? ''));
    expect(await call).toBe('proper');
  });

  it('that is cut before the answer is taken up after its last event, when the server wants to be asked', async () => {
    const resumedAt: number[] = [];
    let cutAt = 0;
    let answer = '';
    await using stage = await staged(({ method, headers, message, answer: proper }, response) => {
      if (isCall(message)) {
        answer = proper;
        response.writeHead(200, EVENT_STREAM);
        response.end(`retry: 300\n${eventOf('', 'first')}`);
        cutAt = performance.now();
        return true;
      }
      const lastEventId = headers['last-event-id'];
      if (method !== 'GET' || lastEventId === undefined) return false;
      resumedAt.push(performance.now());
      response.writeHead(200, EVENT_STREAM);
      // It may be cut again, and again has named where to go on.
      if (lastEventId === 'first') response.end(`retry: 100\n${eventOf('', 'second')}`);
      else response.end(eventOf(answer, 'third'));
      return true;
    });
    expect(await stage.stage.client().tool('echo')).toBe('proper');
    const resumed = stage.http.requests.filter(({ headers }) => headers['last-event-id'] !== undefined);
    expect(resumed.map(({ headers }) => headers['last-event-id'])).toEqual(['first', 'second']);
    expect(resumed.every(({ headers }) => headers['mcp-session-id'] === 'scripted-session')).toBe(true);
    // Timers may fire a millisecond early.
    expect((resumedAt[0] ?? 0) - cutAt).toBeGreaterThan(298);
  });

  it('that breaks off is taken up too, and what comes then still belongs to its call', async () => {
    let answer = '';
    await using stage = await staged(({ method, headers, message, answer: proper }, response) => {
      if (isCall(message)) {
        answer = proper;
        response.writeHead(200, EVENT_STREAM);
        response.write(`retry: 100\n${eventOf('', 'first')}`, () => response.destroy());
        return true;
      }
      if (method !== 'GET' || headers['last-event-id'] === undefined) return false;
      const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'still here' } };
      response.writeHead(200, EVENT_STREAM).end(eventOf(JSON.stringify(log), '2') + eventOf(answer, '3'));
      return true;
    });
    const heard: string[] = [];
    const client = stage.stage.client();
    expect(await client.tool('echo', {}, { onRelated: ({ method }) => heard.push(method) })).toBe('proper');
    expect(heard).toEqual(['notifications/message']);
  });

  it.each([
    ['offers no stream to go on with', 405, /without an answer/],
    ['has forgotten the stream', 404, /without an answer/],
  ])('that is cut for good fails: the server %s', async (_why, status, sentence) => {
    await using stage = await staged(({ method, headers, message }, response) => {
      if (isCall(message)) response.writeHead(200, EVENT_STREAM).end(`retry: 100\n${eventOf('', 'first')}`);
      else if (method === 'GET' && headers['last-event-id'] !== undefined) response.writeHead(status).end();
      else return false;
      return true;
    });
    await expect(stage.stage.client().tool('echo')).rejects.toMatchObject({
      category: 'mcp_protocol_error',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('is given up when it is cut again and again and brings nothing', async () => {
    let resumed = 0;
    await using stage = await staged(({ method, headers, message }, response) => {
      if (isCall(message)) response.writeHead(200, EVENT_STREAM).end(`retry: 100\n${eventOf('', 'first')}`);
      else if (method === 'GET' && headers['last-event-id'] !== undefined) {
        resumed += 1;
        response.writeHead(503).end();
      } else return false;
      return true;
    });
    await expect(stage.stage.client().tool('echo')).rejects.toMatchObject({ category: 'upstream_server_error' });
    expect(resumed).toBe(5);
  }, 60_000);

  it('is not taken up for a caller that has left', async () => {
    let isCut = false;
    await using stage = await staged(({ method, headers, message }, response) => {
      if (isCall(message)) {
        response.writeHead(200, EVENT_STREAM).end(`retry: 100\n${eventOf('', 'first')}`, () => {
          isCut = true;
        });
        return true;
      }
      if (method !== 'GET' || headers['last-event-id'] === undefined) return false;
      response.writeHead(200, EVENT_STREAM).end(`retry: 100\n${eventOf('', 'again')}`);
      return true;
    });
    const leaving = new AbortController();
    const client = stage.stage.client();
    const call = client.tool('echo', {}, { signal: leaving.signal });
    await eventually(
      'the stream was cut and asked for again',
      () => isCut && stage.http.requests.some(({ headers }) => headers['last-event-id'] === 'again'),
    );
    leaving.abort();
    await expect(call).rejects.toMatchObject({ category: 'cancelled' });
    await client.tool('echo', {}, { signal: AbortSignal.timeout(1) }).catch(() => undefined);
    await stage.stage.server.stop();
    const after = stage.http.requests.length;
    expect(stage.http.requestsOf('notifications/cancelled').length).toBeGreaterThan(0);
    await eventually('every connection is gone', () => stage.http.openConnections === 0);
    expect(stage.http.requests).toHaveLength(after);
  });

  it('does not hold a connection for each call when servers leave their streams open', async () => {
    await using stage = await staged(({ message, answer }, response) => {
      if (!isCall(message)) return false;
      response.writeHead(200, EVENT_STREAM).write(eventOf(answer));
      return true;
    });
    const client = stage.stage.client();
    for (let call = 1; call <= 40; call += 1) expect(await client.tool('echo')).toBe('proper');
    await eventually('the oldest streams were let go', () => stage.http.openConnections <= 20);
  });

  it('may be a batch, as servers of 2025-03-26 may answer', async () => {
    await using stage = await staged(({ message, answer }, response) => {
      if (!isCall(message)) return false;
      const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'with it' } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(`[${JSON.stringify(log)},${answer}]`);
      return true;
    });
    const heard: string[] = [];
    const client = stage.stage.client();
    expect(await client.tool('echo', {}, { onRelated: ({ method }) => heard.push(method) })).toBe('proper');
    expect(heard).toEqual(['notifications/message']);
  });
});

describe('the stream for what nobody asked for', () => {
  const changed = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' });

  it('is opened again when it ends, after the last event that came', async () => {
    const opened: (string | undefined)[] = [];
    await using stage = await staged(({ method, headers }, response) => {
      if (method !== 'GET') return false;
      const lastEventId = headers['last-event-id'] as string | undefined;
      opened.push(lastEventId);
      response.writeHead(200, EVENT_STREAM);
      if (lastEventId === undefined) response.end(`retry: 100\n${eventOf(changed, 'news-1')}`);
      else response.write(eventOf(changed, 'news-2'));
      return true;
    });
    const client = stage.stage.client();
    await client.tool('echo');
    await eventually('the client heard the news of both streams', () => client.news.length === 2);
    expect(opened.filter((id) => id === 'news-1').length).toBeGreaterThan(0);
    await stage.stage.server.stop();
    await eventually('no stream is open', () => stage.http.openConnections === 0);
  });

  it('is not asked for again where the server has none', async () => {
    await using stage = await staged(() => false);
    const client = stage.stage.client();
    await client.tool('echo');
    const asked = (): number => stage.http.requests.filter(({ method }) => method === 'GET').length;
    await eventually('both sessions have asked', () => asked() === 2);
    for (let call = 1; call <= 20; call += 1) await client.tool('echo');
    expect(asked()).toBe(2);
  });

  it('that finds nobody any more ends the session, and the server is connected to again when it is back', async () => {
    let streams: ServerResponse[] = [];
    const script: Script = ({ method }, response) => {
      if (method !== 'GET') return false;
      response.writeHead(200, EVENT_STREAM).write(`retry: 100\n${eventOf('', '1')}`);
      streams.push(response);
      return true;
    };
    await using stage = await staged(script);
    await eventually('the stream is open', () => streams.length === 1);
    streams = [];
    await stage.http.close();
    await stage.stage.reached('restarting');
    expect(stage.stage.server.status().failure).toMatch(/Nothing answers at 127\.0\.0\.1.*It is being restarted\.$/);
    await using back = await startScriptedHttp(script, Number(new URL(stage.http.origin).port));
    await stage.stage.reached('connected');
    expect(back.requestsOf('initialize').length).toBeGreaterThan(0);
    expect(stage.stage.upkeeps.at(-1)?.reason).toBe('restart');
  });
});

describe('an answer of 64 MB', () => {
  const BYTES = 64 * 1024 * 1024;

  it.each(['in one piece', 'on an event stream'])('arrives whole %s', async (how) => {
    await using stage = await staged(({ message }, response) => {
      if (!isCall(message)) return false;
      const text = 'x'.repeat(BYTES);
      const answer = JSON.stringify({
        jsonrpc: '2.0',
        id: message['id'],
        result: { content: [{ type: 'text', text }] },
      });
      if (how === 'in one piece') response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      else response.writeHead(200, EVENT_STREAM).end(eventOf(answer));
      return true;
    });
    expect((await stage.stage.client().tool('large')).length).toBe(BYTES);
  });

  it.each(['application/json', 'text/event-stream'])('that does not end is cut off (%s)', async (type) => {
    await using stage = await staged(({ message }, response) => {
      if (!isCall(message)) return false;
      const piece = 'x'.repeat(4 * 1024 * 1024);
      response.writeHead(200, { 'content-type': type });
      response.write('data: {"jsonrpc":"2.0"');
      const more = (): void => {
        if (!response.destroyed) response.write(piece, more);
      };
      more();
      return true;
    });
    await expect(stage.stage.client().tool('endless')).rejects.toMatchObject({
      category: 'mcp_protocol_error',
      message: expect.stringContaining('larger than') as string,
    });
  });
});
