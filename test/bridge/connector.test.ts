import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { BridgeBench, holdCalls, isCall } from './bridge-bench.ts';
import { call, INITIALIZE, INITIALIZED, sourceOf } from './bridge-run.ts';
import { readLoosely, sendEvent, type Received } from './scripted-gateway.ts';

let bench: BridgeBench;

beforeEach(() => {
  bench = new BridgeBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('a bridge whose gateway is restarted', () => {
  const lists = ['tools', 'resources'].map((list) => `{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`);

  it('opens a session with the new one by itself, and tells the client what may have changed', async () => {
    const first = await bench.opened();
    const { bridge } = bench;
    await first.kill();
    const second = await bench.startGateway();
    await bridge.line('the lists', (line) => line === lists[1]);
    expect(bridge.lines.slice(1)).toEqual(lists);
    bridge.send(call(5));
    await bridge.answerTo(5);
    expect(second.posted).toEqual([INITIALIZE, INITIALIZED, call(5)]);
  });

  it('tells of no list that the client was not told of', async () => {
    const first = await bench.opened({ capabilities: { tools: {} } });
    const { bridge } = bench;
    await first.kill();
    await bench.startGateway();
    bridge.send(call(1));
    await bridge.answerTo(1);
    expect(bridge.lines).toHaveLength(2);
  });

  it('sends once more what no gateway has seen, in order, and only that', async () => {
    const held: Received[] = [];
    const first = await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    bridge.send(call('under way'));
    await eventually('it is under way', () => held.length === 1);
    await first.kill();
    bench.gateway = null;
    bridge.send(call('a'), call('b'), call('c'));
    expect((await bridge.answerTo('under way')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/restarted/),
    });
    const second = await bench.startGateway();
    for (const id of ['a', 'b', 'c']) expect(await bridge.answerTo(id)).toHaveProperty('result');
    expect(second.posted).toEqual([INITIALIZE, INITIALIZED, call('a'), call('b'), call('c')]);
  });

  it('sends again what a gateway refused because it does not know the session', async () => {
    // Without a stream for news, only the next message can tell.
    const first = await bench.startGateway({ onGet: ({ response }) => response.writeHead(405).end().writableEnded });
    const bridge = bench.startBridge();
    await bridge.initialize();
    await eventually('the news are asked for', () => first.received.some(({ method }) => method === 'GET'));
    const { port } = first;
    await first.kill();
    const second = await bench.startGateway({ port });
    bridge.send(call('a'), call('b'));
    for (const id of ['a', 'b']) expect(await bridge.answerTo(id)).toHaveProperty('result');
    const [session] = second.sessions;
    const carriedOut = second.received.filter(
      ({ text, headers }) => isCall(text) && headers['mcp-session-id'] === session,
    );
    expect(carriedOut.map(({ text }) => text)).toEqual([call('a'), call('b')]);
  });

  it('asks again for what the client had subscribed to and set', async () => {
    const first = await bench.opened();
    const { bridge } = bench;
    const subscribe = (id: number, uri: string): string =>
      `{"jsonrpc":"2.0","id":${id},"method":"resources/subscribe","params":{"uri":"${uri}"}}`;
    const unsubscribe = subscribe(3, 'file:///b').replace('subscribe', 'unsubscribe');
    const level = '{"jsonrpc":"2.0","id":4,"method":"logging/setLevel","params":{"level":"debug"}}';
    bridge.send(subscribe(1, 'file:///a'), subscribe(2, 'file:///b'), unsubscribe, level);
    await bridge.answerTo(4);
    await first.kill();
    const second = await bench.startGateway();
    await bridge.line('the lists', (line) => line === lists[1]);
    await eventually('the level is there', () => second.posted.includes(level));
    expect(second.posted).toEqual([INITIALIZE, INITIALIZED, subscribe(1, 'file:///a'), level]);
    expect(bridge.lines.filter((line) => readLoosely(line).id === 4)).toHaveLength(1);
  });

  it('takes back what the old one asked, and gives the new one no answer meant for the old', async () => {
    const first = await bench.opened();
    const { bridge } = bench;
    const question = '{"jsonrpc":"2.0","id":"throughline-1","method":"roots/list"}';
    sendEvent(first.news[0]!, question);
    await bridge.line('the question', (line) => line === question);
    await first.kill();
    const second = await bench.startGateway();
    await bridge.line('it is taken back', (line) => line.includes('"requestId":"throughline-1"'));
    await eventually('the news are listened to', () => second.news.length > 0);
    sendEvent(second.news[0]!, question);
    const again = await bridge.line('the new question', (line) => line.includes('throughline-bridge-1'));
    expect(again).toBe(question.replace('throughline-1', 'throughline-bridge-1'));
    const answer = (id: string, root: string): string =>
      `{"jsonrpc":"2.0","id":"${id}","result":{"roots":[{"uri":"${root}"}]}}`;
    bridge.send(answer('throughline-1', 'file:///old'), answer('throughline-bridge-1', 'file:///new'));
    await eventually('the new answer is there', () => second.posted.includes(answer('throughline-1', 'file:///new')));
    expect(second.posted.join()).not.toContain('file:///old');
  });

  it('tells a call that waited too long why, and goes on with the next', async () => {
    const first = await bench.startGateway();
    const bridge = bench.startBridge(undefined, { delivery: 300 });
    await bridge.initialize();
    await first.kill();
    bench.gateway = null;
    bridge.send(call(1));
    expect((await bridge.answerTo(1)).error).toEqual({ code: -32_000, message: 'No gateway runs here.' });
    await bench.startGateway();
    await bridge.line('the lists', (line) => line === lists[0]);
    bridge.send(call(2));
    expect(await bridge.answerTo(2)).toHaveProperty('result');
  });

  it('starts one in its place for a call that waits, when it was the own one', async () => {
    const first = await bench.startGateway();
    const source = sourceOf(() => bench.gateway, true);
    let starts = 0;
    const start = async (): Promise<void> => {
      starts += 1;
      await bench.startGateway();
    };
    const bridge = bench.startBridge({ ...source, start }, { replaceAfter: 0 });
    await bridge.initialize();
    await first.kill();
    bench.gateway = null;
    bridge.send(call(1));
    expect(await bridge.answerTo(1)).toHaveProperty('result');
    expect(starts).toBe(1);
  });
});
