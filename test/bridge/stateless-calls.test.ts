import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STDIO_CLIENT } from '../../src/gateway/era/request-headers.ts';
import { eventually } from '../support/eventually.ts';
import { answerOf, BridgeBench, holdCalls } from './bridge-bench.ts';
import { call, INITIALIZE, INITIALIZED } from './bridge-run.ts';
import {
  beginEvents,
  readLoosely,
  sendEvent,
  sendJson,
  type Received,
  type ScriptedGateway,
} from './scripted-gateway.ts';
import { allOf, answerModern, cancelling, hold, LISTEN, modern, modernCall } from './stateless-requests.ts';

let bench: BridgeBench;

beforeEach(() => {
  bench = new BridgeBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

const headersOf = ({ received }: ScriptedGateway): readonly object[] =>
  received.map(({ headers }) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => /^(?:mcp|throughline)-/.test(name))),
  );

const linesWith = (id: unknown): readonly string[] => bench.bridge.lines.filter((line) => readLoosely(line).id === id);

describe('a request of the stateless era through the bridge', () => {
  it('needs no session, and its HTTP request repeats what it is about', async () => {
    const started = await bench.startGateway({ onPost: answerModern });
    const bridge = bench.startBridge();
    const sent = [
      modern('d', 'server/discover'),
      modern(1.5, 'tools/list'),
      modernCall('c', 'Zoë'),
      modern('p', 'prompts/get', { name: 'greeting' }),
      modern('r', 'resources/read', { uri: 'file:///a' }),
    ];
    for (const text of sent) {
      bridge.send(text);
      await bridge.answerTo(readLoosely(text).id);
    }
    expect(started.posted).toEqual(sent);
    const version = { ...STDIO_CLIENT, 'mcp-protocol-version': '2026-07-28' };
    expect(headersOf(started)).toEqual([
      { ...version, 'mcp-method': 'server/discover' },
      { ...version, 'mcp-method': 'tools/list' },
      { ...version, 'mcp-method': 'tools/call', 'mcp-name': '=?base64?Wm/Dqw==?=' },
      { ...version, 'mcp-method': 'prompts/get', 'mcp-name': 'greeting' },
      { ...version, 'mcp-method': 'resources/read', 'mcp-name': 'file:///a' },
    ]);
    bridge.input.end();
    await bridge.ended;
    expect(bridge.lines).toEqual(sent.map(answerOf));
    expect(started.received).toHaveLength(sent.length);
  });

  it('is known by server/discover alone, and is sent whatever its version and its method look like', async () => {
    const refusal = '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"No version."}}';
    const started = await bench.startGateway({
      onPost: ({ response }) => response.writeHead(400).end(refusal).writableEnded,
    });
    const bridge = bench.startBridge();
    bridge.send('{"jsonrpc":"2.0","id":1,"method":"server/discover"}');
    expect((await bridge.answerTo(1)).error).toMatchObject({ code: -32_602 });
    bridge.send(modern(2, 'a\nb').replace('2026-07-28', '2026\\u0000'));
    expect((await bridge.answerTo(2)).error).toMatchObject({ code: -32_602 });
    expect(headersOf(started)).toEqual([
      { ...STDIO_CLIENT, 'mcp-method': 'server/discover' },
      { ...STDIO_CLIENT, 'mcp-protocol-version': '=?base64?MjAyNgA=?=', 'mcp-method': '=?base64?YQpi?=' },
    ]);
  });

  it('hands on what comes before its answer, and the answer, as they were sent', async () => {
    const held: Received[] = [];
    await bench.startGateway({ onPost: hold(held, 'tools/call') });
    const bridge = bench.startBridge();
    bridge.send(modernCall(1));
    const [first] = await allOf(held, 1);
    const progress = '{"method":"notifications/progress", "jsonrpc":"2.0","params":{"progress":1.0}}';
    const answer = '{"id":1, "jsonrpc":"2.0","result":{"resultType":"input_required","requestState":"\\u0041"}}';
    beginEvents(first!.response);
    sendEvent(first!.response, progress);
    await bridge.line('the progress', (line) => line === progress);
    sendEvent(first!.response, answer);
    first!.response.end();
    await bridge.answerTo(1);
    expect(bridge.lines).toEqual([progress, answer]);
  });

  it.each([
    [400, -32_020],
    [400, -32_021],
    [400, -32_022],
    [404, -32_601],
  ])('is answered with the JSON-RPC error that came with HTTP %i (%i), under its own id', async (status, code) => {
    const refusal = (id: unknown): string =>
      `{"jsonrpc":"2.0", "id":${JSON.stringify(id)},"error":{"code":${code},"message":"No.","data":{"n":1.0}}}`;
    const started = await bench.startGateway({
      onPost: ({ text, response }) => {
        const id = text.includes('unread') ? null : readLoosely(text).id;
        response.writeHead(status, { 'content-type': 'application/json' }).end(refusal(id));
        return true;
      },
    });
    const bridge = bench.startBridge();
    bridge.send(modernCall('a'), modernCall('b', 'unread'));
    for (const id of ['a', 'b']) {
      await bridge.answerTo(id);
      expect(linesWith(id)).toEqual([refusal(id)]);
    }
    expect(started.posted).toHaveLength(2);
    expect(started.sessions.size).toBe(0);
  });

  it('gets an error when its answer never came', async () => {
    await bench.startGateway({
      onPost: ({ response }) => {
        beginEvents(response);
        response.end();
        return true;
      },
    });
    const bridge = bench.startBridge();
    bridge.send(modernCall(1));
    expect((await bridge.answerTo(1)).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/without an answer/),
    });
  });

  it('gets an error when the bridge is told to end', async () => {
    const held: Received[] = [];
    await bench.startGateway({ onPost: hold(held, 'tools/call') });
    const bridge = bench.startBridge(undefined, { afterStop: 1 });
    bridge.send(modernCall(1));
    await allOf(held, 1);
    bridge.stop();
    await bridge.ended;
    expect((await bridge.answerTo(1)).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/bridge was ended/),
    });
  });
});

describe('a request of the stateless era that its client takes back', () => {
  it('is taken back by the end of its HTTP request, and nothing more of it reaches the client', async () => {
    const held: Received[] = [];
    const started = await bench.startGateway({ onPost: hold(held, 'tools/call') });
    const bridge = bench.startBridge();
    bridge.send(modernCall(1), modernCall('1'));
    const [first, second] = await allOf(held, 2);
    const closed = [first, second].map(
      (received) => new Promise<void>((resolve) => received!.response.once('close', resolve)),
    );
    beginEvents(first!.response);
    sendEvent(first!.response, '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}');
    await bridge.line('the progress', (line) => line.includes('progress'));
    bridge.send(cancelling(1), cancelling('1'));
    await Promise.all(closed);
    // The id is free for the next one.
    bridge.send(modernCall(1));
    const [, , third] = await allOf(held, 3);
    sendJson(third!.response, answerOf(modernCall(1)));
    await bridge.answerTo(1);
    bridge.input.end();
    await bridge.ended;
    expect(bridge.lines.slice(1)).toEqual([answerOf(modernCall(1))]);
    expect(started.posted).toHaveLength(3);
  });

  it('is nothing that a gateway is told of when no session is open, like all other notifications', async () => {
    const started = await bench.startGateway({ onPost: answerModern });
    const bridge = bench.startBridge();
    bridge.send(cancelling('unknown'), INITIALIZED, modernCall(1));
    await bridge.answerTo(1);
    await started.kill();
    bench.gateway = null;
    bridge.send(cancelling(1), INITIALIZED);
    bridge.input.end();
    await bridge.ended;
    expect(started.posted).toEqual([modernCall(1)]);
    expect(bridge.lines).toHaveLength(1);
    expect(bridge.said).toEqual([]);
  });
});

describe('one bridge for both eras', () => {
  it('opens a session for a client that asks what the server is and then begins as clients used to', async () => {
    const started = await bench.startGateway({
      onPost: ({ text, response }) => {
        if (readLoosely(text).method !== 'server/discover') return false;
        response.writeHead(400).end('{"jsonrpc":"2.0","id":"d","error":{"code":-32601,"message":"Not known."}}');
        return true;
      },
    });
    const bridge = bench.startBridge();
    bridge.send(modern('d', 'server/discover'));
    expect((await bridge.answerTo('d')).error).toMatchObject({ code: -32_601 });
    await bridge.initialize();
    bridge.send(call(1));
    await bridge.answerTo(1);
    expect(started.posted).toEqual([modern('d', 'server/discover'), INITIALIZE, INITIALIZED, call(1)]);
  });

  it('sends each request in its own era, and takes each back in its own', async () => {
    const held: Received[] = [];
    const started = await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    bridge.send(call('old'), modernCall('new'));
    const [old, fresh] = await allOf(held, 2);
    const [session] = started.sessions;
    expect(old!.headers).toMatchObject({ 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' });
    expect(fresh!.headers).toMatchObject({ 'mcp-protocol-version': '2026-07-28' });
    expect(fresh!.headers).not.toHaveProperty('mcp-session-id');
    const closed = new Promise<void>((resolve) => fresh!.response.once('close', resolve));
    bridge.send(cancelling('new'), cancelling('old'));
    await closed;
    await eventually('the older era is told in words', () => started.posted.includes(cancelling('old')));
    expect(started.posted).not.toContain(cancelling('new'));
    expect(old!.response.closed).toBe(false);
  });
});

describe('a subscription through the bridge', () => {
  const news = (number: number): string =>
    `{"method":"notifications/tools/list_changed", "jsonrpc":"2.0","params":{"_meta":{"n":${number}.0}}}`;

  async function subscribed(ids: readonly unknown[]): Promise<readonly Received[]> {
    const held: Received[] = [];
    await bench.startGateway({ onPost: hold(held, LISTEN) });
    bench.startBridge(undefined, { afterEnd: 60_000 });
    bench.bridge.send(...ids.map((id) => modern(id, LISTEN)));
    await allOf(held, ids.length);
    for (const { response } of held) beginEvents(response);
    return held;
  }

  it('brings all that comes, in order, until the gateway ends it', async () => {
    const [stream] = await subscribed(['s']);
    const { bridge } = bench;
    const all = Array.from({ length: 50 }, (_, index) => news(index));
    for (const text of all.slice(0, 25)) sendEvent(stream!.response, text);
    bridge.send(modernCall(1));
    await bridge.answerTo(1);
    for (const text of all.slice(25)) sendEvent(stream!.response, text);
    const end = '{"jsonrpc":"2.0","id":"s", "result":{"resultType":"complete"}}';
    sendEvent(stream!.response, end);
    stream!.response.end();
    await bridge.answerTo('s');
    expect(bridge.lines.filter((line) => line !== answerOf(modernCall(1)))).toEqual([...all, end]);
  });

  it('is ended by its client', async () => {
    const [stream] = await subscribed(['s']);
    const closed = new Promise<void>((resolve) => stream!.response.once('close', resolve));
    bench.bridge.send(cancelling('s'));
    await closed;
    bench.bridge.send(modernCall(1));
    await bench.bridge.answerTo(1);
    expect(linesWith('s')).toEqual([]);
  });

  it('ends with an error when the gateway goes, and can be had again from the next', async () => {
    await subscribed(['s']);
    const { bridge } = bench;
    await bench.gateway!.kill();
    expect((await bridge.answerTo('s')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/subscribe again/),
    });
    const held: Received[] = [];
    await bench.startGateway({ onPost: hold(held, LISTEN) });
    bridge.send(modern('t', LISTEN));
    await allOf(held, 1);
  });

  it('holds up neither the end of the bridge nor what the client waits for then', async () => {
    const [stream] = await subscribed(['s']);
    const { bridge } = bench;
    const closed = new Promise<void>((resolve) => stream!.response.once('close', resolve));
    bridge.send(modernCall(1));
    bridge.input.end();
    await bridge.ended;
    await closed;
    expect(await bridge.answerTo(1)).toHaveProperty('result');
    expect((await bridge.answerTo('s')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/bridge was ended/),
    });
  });

  it('is one of 64 at most, and makes room for another when it ends', async () => {
    const ids = Array.from({ length: 64 }, (_, index) => index);
    const streams = await subscribed(ids);
    const { bridge } = bench;
    bridge.send(modern('one more', LISTEN));
    expect((await bridge.answerTo('one more')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/^64 subscriptions/),
    });
    bridge.send(cancelling(0), modern('now', LISTEN));
    await allOf(streams, 65);
    expect(linesWith('now')).toEqual([]);
  });
});
