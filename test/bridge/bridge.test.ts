import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { eventually } from '../support/eventually.ts';
import { answerOf, BridgeBench, holdCalls, isCall } from './bridge-bench.ts';
import { call, INITIALIZE, INITIALIZED, sourceOf, TOKEN } from './bridge-run.ts';
import { beginEvents, readLoosely, sendEvent, sendJson, type Received } from './scripted-gateway.ts';

let bench: BridgeBench;

beforeEach(() => {
  bench = new BridgeBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('a session through the bridge', () => {
  it('is opened with what the client sent, and every message after it names it', async () => {
    const started = await bench.opened();
    const { bridge } = bench;
    bridge.send(call(1));
    await bridge.answerTo(1);
    expect(started.posted).toEqual([INITIALIZE, INITIALIZED, call(1)]);
    const [session] = started.sessions;
    for (const { method, headers } of started.received.slice(1)) {
      expect(headers).toMatchObject({ 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' });
      expect(method).not.toBe('DELETE');
    }
  });

  it('S27: carries the token in the header alone', async () => {
    const started = await bench.opened();
    for (const { path, headers, text } of started.received) {
      expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
      expect(path).toBe('/mcp');
      expect(text).not.toContain(TOKEN);
    }
    const { bridge } = bench;
    expect([...bridge.lines, ...bridge.said].join()).not.toContain(TOKEN);
  });

  it('is ended at the gateway when the client closes its side', async () => {
    const started = await bench.opened();
    const { bridge } = bench;
    bridge.input.end();
    await bridge.ended;
    expect(started.received.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it('sends one call while another waits, in the order in which they came', async () => {
    const held: Received[] = [];
    await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    bridge.send(call(1), call(2), call(3));
    await eventually('all are there', () => held.length === 3);
    expect(held.map(({ text }) => text)).toEqual([call(1), call(2), call(3)]);
    for (const { text, response } of held.toReversed()) sendJson(response, answerOf(text));
    await bridge.answerTo(1);
    expect(bridge.lines.slice(1)).toEqual([call(3), call(2), call(1)].map(answerOf));
  });

  it('passes on what the gateway sends during a call and outside of any, and the answers to what it asks', async () => {
    const held: Received[] = [];
    const started = await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    const question = '{"jsonrpc":"2.0","id":"throughline-1","method":"sampling/createMessage","params":{}}';
    const news = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';
    bridge.send(call(1));
    const [held1] = await eventually('the call is there', () => held.length > 0 && held);
    beginEvents(held1!.response);
    sendEvent(held1!.response, question);
    await bridge.line('the question', (line) => line === question);
    const answer = '{"jsonrpc":"2.0","id":"throughline-1","result":{"role":"user"}}';
    bridge.send(answer);
    await eventually('the answer is there', () => started.posted.includes(answer));
    sendEvent(started.news[0]!, news);
    await bridge.line('the news', (line) => line === news);
    sendEvent(held1!.response, answerOf(call(1)));
    held1!.response.end();
    await bridge.answerTo(1);
  });

  it('gives an error to the call when the gateway refuses its request as a whole', async () => {
    const refusal = '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Too large.","data":1.0}}';
    await bench.opened({
      onPost: ({ text, response }) => {
        if (!isCall(text)) return false;
        response.writeHead(413, { 'content-type': 'application/json' }).end(refusal);
        return true;
      },
    });
    const { bridge } = bench;
    bridge.send(call('a'));
    expect(await bridge.line('the refusal', (line) => line.includes('Too large'))).toBe(refusal.replace('null', '"a"'));
  });

  it('gives an error to a call whose answer never came', async () => {
    await bench.opened({
      onPost: ({ text, response }) => {
        if (!isCall(text)) return false;
        beginEvents(response);
        response.end();
        return true;
      },
    });
    const { bridge } = bench;
    bridge.send(call(1));
    expect((await bridge.answerTo(1)).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/without an answer/),
    });
  });

  it('answers nothing to a call that its client took back', async () => {
    const held: Received[] = [];
    const started = await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
    bridge.send(call(1), cancel);
    await eventually('it is cancelled', () => held.length > 0 && started.posted.includes(cancel));
    held[0]!.response.destroy();
    bridge.send('{"jsonrpc":"2.0","id":2,"method":"ping"}');
    await bridge.answerTo(2);
    expect(bridge.lines.filter((line) => readLoosely(line).id === 1)).toEqual([]);
  });

  it('goes on with an answer whose stream ended early from where it ended', async () => {
    const started = await bench.opened({
      onPost: ({ text, response }) => {
        if (!isCall(text)) return false;
        beginEvents(response);
        response.write('retry: 1\nid: event-7\ndata:\n\n');
        response.end();
        return true;
      },
      onGet: ({ headers, response }) => {
        if (headers['last-event-id'] !== 'event-7') return false;
        beginEvents(response);
        sendEvent(response, answerOf(call(1)), 'event-8');
        response.end();
        return true;
      },
    });
    const { bridge } = bench;
    bridge.send(call(1));
    expect(await bridge.answerTo(1)).toMatchObject({ result: { of: 1 } });
    expect(started.posted.filter(isCall)).toHaveLength(1);
  });

  it('listens anew when the news it missed are no longer kept', async () => {
    const news = '{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}';
    const started = await bench.opened({
      onGet: ({ headers, response }) => {
        if (headers['last-event-id'] === undefined) return false;
        response.writeHead(400).end();
        return true;
      },
    });
    const { bridge } = bench;
    sendEvent(started.news[0]!, '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}', 'event-1');
    await bridge.line('the first news', (line) => line.includes('tools/list_changed'));
    started.news[0]!.destroy();
    const asked = (): readonly unknown[] => started.received.map(({ headers }) => headers['last-event-id']);
    await eventually('it asks for what it missed', () => asked().includes('event-1'));
    await eventually('it listens again', () => asked().at(-1) === undefined && started.news.length > 0);
    sendEvent(started.news[0]!, news);
    await bridge.line('the next news', (line) => line === news);
    expect(started.sessions.size).toBe(1);
  });

  it('is not read further than it can be served, and goes on from there', async () => {
    const held: Received[] = [];
    await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    const sent = Array.from({ length: 1_100 }, (_, index) => call(index + 1));
    for (const text of sent) bridge.send(text);
    await eventually('as many wait as may', () => held.length >= 1_024 && bridge.input.isPaused());
    for (let answered = 0; answered < sent.length; answered += 1) {
      const { text, response } = await eventually('the next is there', () => held[answered] ?? null);
      sendJson(response, answerOf(text));
    }
    await bridge.answerTo(sent.length);
    expect(held.map(({ text }) => text).toSorted()).toEqual(sent.toSorted());
  });
});

describe('a bridge without a gateway', () => {
  const none = sourceOf(() => null);

  it('fails with the reason, and gives it to a client that asks', async () => {
    const bridge = bench.startBridge(none);
    bridge.send(INITIALIZE);
    await expect(bridge.ended).rejects.toThrow(new UserError('No gateway runs here.'));
    expect(bridge.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { jsonrpc: '2.0', id: 0, error: { code: -32_000, message: 'No gateway runs here.' } },
    ]);
  });

  it('does not wait for a client that says nothing', async () => {
    const bridge = bench.startBridge(none, { farewell: 1 });
    await expect(bridge.ended).rejects.toThrow('No gateway runs here.');
    expect(bridge.lines).toEqual([]);
  });

  it('starts one when it may', async () => {
    const start = async (): Promise<void> => {
      await bench.startGateway();
    };
    const bridge = bench.startBridge({ ...sourceOf(() => bench.gateway), start });
    await bridge.initialize();
  });
});

describe('a bridge whose client leaves', () => {
  it('still brings the answers that are under way', async () => {
    const held: Received[] = [];
    await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    bridge.send(call(1));
    bridge.input.end();
    const [first] = await eventually('it is there', () => held.length > 0 && held);
    sendJson(first!.response, answerOf(call(1)));
    await bridge.ended;
    expect(bridge.lines.at(-1)).toBe(answerOf(call(1)));
  });

  it('waits no longer than it is told to, and leaves no call without an answer', async () => {
    const held: Received[] = [];
    await bench.startGateway({ onPost: holdCalls(held) });
    const bridge = bench.startBridge(undefined, { afterEnd: 1 });
    await bridge.initialize();
    bridge.send(call(1));
    bridge.input.end();
    await bridge.ended;
    expect((await bridge.answerTo(1)).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/bridge was ended/),
    });
  });

  it('ends when nobody reads what it says', async () => {
    const started = await bench.opened();
    const { bridge } = bench;
    bridge.output.destroy();
    await bridge.ended;
    expect(started.received.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it('ends when it is told to, though a call is under way', async () => {
    const held: Received[] = [];
    const started = await bench.startGateway({ onPost: holdCalls(held) });
    const bridge = bench.startBridge(undefined, { afterStop: 1 });
    await bridge.initialize();
    bridge.send(call(1));
    await eventually('it is there', () => held.length > 0);
    bridge.stop();
    await bridge.ended;
    expect(started.received.at(-1)).toMatchObject({ method: 'DELETE' });
  });
});
