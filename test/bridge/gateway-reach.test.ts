import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { BridgeBench } from './bridge-bench.ts';
import { sourceOf } from './bridge-run.ts';
import type { Received } from './scripted-gateway.ts';
import { allOf, answerModern, hold, modernCall } from './stateless-requests.ts';

let bench: BridgeBench;

beforeEach(() => {
  bench = new BridgeBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('a bridge whose gateway is restarted under a client of the stateless era', () => {
  it('sends the next request to the new one, which is told of nothing else', async () => {
    const held: Received[] = [];
    const first = await bench.startGateway({ onPost: hold(held, 'tools/call') });
    const bridge = bench.startBridge();
    bridge.send(modernCall('under way'));
    await allOf(held, 1);
    await first.kill();
    bench.gateway = null;
    expect((await bridge.answerTo('under way')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/restarted/),
    });
    bridge.send(modernCall('a'), modernCall('b'));
    await eventually('it says that it waits', () => bridge.said.length > 0);
    const second = await bench.startGateway({ onPost: answerModern });
    for (const id of ['a', 'b']) expect(await bridge.answerTo(id)).toHaveProperty('result');
    expect(second.posted).toEqual([modernCall('a'), modernCall('b')]);
    expect(second.received).toHaveLength(2);
  });

  it('tells a request that waited too long why, and goes on with the next', async () => {
    const first = await bench.startGateway({ onPost: answerModern });
    const bridge = bench.startBridge(undefined, { delivery: 300 });
    bridge.send(modernCall(1));
    await bridge.answerTo(1);
    await first.kill();
    bench.gateway = null;
    bridge.send(modernCall(2));
    expect((await bridge.answerTo(2)).error).toEqual({ code: -32_000, message: 'No gateway runs here.' });
    await bench.startGateway({ onPost: answerModern });
    // As long as it takes: a busy machine may not get a request out in time.
    let id = 2;
    await eventually('one gets there', async () => {
      id += 1;
      bridge.send(modernCall(id));
      return 'result' in (await bridge.answerTo(id));
    });
  });

  it('starts one in its place for a request that waits, when it was the own one', async () => {
    const first = await bench.startGateway({ onPost: answerModern });
    let starts = 0;
    const start = async (): Promise<void> => {
      starts += 1;
      await bench.startGateway({ onPost: answerModern });
    };
    const bridge = bench.startBridge({ ...sourceOf(() => bench.gateway, true), start }, { replaceAfter: 0 });
    bridge.send(modernCall(1));
    await bridge.answerTo(1);
    await first.kill();
    bench.gateway = null;
    bridge.send(modernCall(2));
    expect(await bridge.answerTo(2)).toHaveProperty('result');
    expect(starts).toBe(1);
  });

  it('sends once more what a gateway with another token refused, and believes it the second time', async () => {
    const refusal = '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Another token."}}';
    let refusals = 0;
    const started = await bench.startGateway({
      onPost: (received, gateway) => {
        refusals += 1;
        if (refusals === 2) return answerModern(received, gateway);
        received.response.writeHead(401).end(refusal);
        return true;
      },
    });
    const bridge = bench.startBridge();
    bridge.send(modernCall(1));
    expect(await bridge.answerTo(1)).toHaveProperty('result');
    bridge.send(modernCall(2));
    expect((await bridge.answerTo(2)).error).toMatchObject({ message: 'Another token.' });
    expect(started.posted).toEqual([modernCall(1), modernCall(1), modernCall(2), modernCall(2)]);
  });
});
