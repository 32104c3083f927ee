import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { BridgeBench, holdCalls } from './bridge-bench.ts';
import { call } from './bridge-run.ts';
import { beginEvents, sendEvent, sendJson, type Received } from './scripted-gateway.ts';

let bench: BridgeBench;

beforeEach(() => {
  bench = new BridgeBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('what passes through the bridge', () => {
  /** JSON texts with all that a parser would change, and white space between the tokens. */
  const { value } = fc.letrec((tie) => ({
    space: fc.constantFrom('', ' ', '  ', '\t', '\n', '\r\n', '\n  '),
    scalar: fc.oneof(
      fc.constantFrom('12345678901234567890', '1.0', '-0', '1E400', '0.1e-7', 'true', 'null', '""', '"\\u0041\\/"'),
      fc.constantFrom('"\\ud800"', '"__proto__"', '"é\u2028\u{1f600}"', '"\\n"', '"a, b: {c}"'),
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    ),
    value: fc.oneof(
      { depthSize: 'small' },
      tie('scalar'),
      fc.tuple(tie('space'), fc.array(tie('value'), { maxLength: 3 })).map(([space, items]) => {
        return `[${String(space)}${items.join(`${String(space)},`)}]`;
      }),
      fc
        .tuple(tie('space'), fc.array(fc.tuple(fc.constantFrom('"a"', '"__proto__"', '"\\u0061"'), tie('value'))))
        .map(([space, members]) => {
          return `{${String(space)}${members.map(([key, item]) => `${key}${String(space)}:${String(item)}`).join(',')}}`;
        }),
    ),
  }));
  const json = value as fc.Arbitrary<string>;

  const inOneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

  it('is what the client sent, byte for byte, and what the gateway sent, but for line breaks between tokens', async () => {
    const held: Received[] = [];
    const started = await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    let id = 0;
    const numRuns = 100;
    await fc.assert(
      fc.asyncProperty(json, json, fc.boolean(), async (params, result, asEvents) => {
        id += 1;
        const request = `{"id":${id}.0, "jsonrpc":"2.0","method":"tools/call","x":${inOneLine(params)},"params":{}}`;
        bridge.send(request);
        const { text, response } = await eventually('it is there', () => held[id - 1] ?? null);
        expect(text).toBe(request);
        const answer = `{"jsonrpc":"2.0","result":${result},"id":${id}.0}`;
        if (asEvents) {
          beginEvents(response);
          sendEvent(response, answer);
          response.end();
        } else sendJson(response, answer);
        const line = await eventually('it is answered', () => bridge.lines[id] ?? null);
        expect(line.replace(/ /g, '')).toBe(answer.replace(/[\r\n ]/g, ''));
        expect(JSON.stringify(JSON.parse(line))).toBe(JSON.stringify(JSON.parse(answer)));
      }),
      { numRuns },
    );
    expect(started.posted).toHaveLength(numRuns + 2);
  }, 60_000);

  it('may be 20 MB in one message, either way', async () => {
    const held: Received[] = [];
    await bench.opened({ onPost: holdCalls(held) });
    const { bridge } = bench;
    const large = 'x'.repeat(20_000_000);
    const request = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${large}"}}`;
    bridge.send(request);
    const [first] = await eventually('it is there', () => held.length > 0 && held);
    expect(first!.text).toBe(request);
    const answer = `{"jsonrpc":"2.0","id":1,"result":{"text":"${large}"}}`;
    beginEvents(first!.response);
    sendEvent(first!.response, answer);
    first!.response.end();
    expect(await bridge.line('the answer', (line) => line.startsWith('{"jsonrpc":"2.0","id":1'))).toBe(answer);
  });

  it('is sent even when it is no message, and the gateway says what is wrong with it', async () => {
    const verdict = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"The message is not valid JSON."}}';
    const started = await bench.opened({
      onPost: ({ text, response }) => {
        if (text !== 'nonsense') return false;
        response.writeHead(400, { 'content-type': 'application/json' }).end(verdict);
        return true;
      },
    });
    const { bridge } = bench;
    bridge.send('nonsense');
    await bridge.line('the verdict', (line) => line === verdict);
    expect(started.posted).toContain('nonsense');
  });

  it('may be a batch', async () => {
    const answers = '[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]';
    await bench.opened({
      onPost: ({ text, response }) => {
        if (!text.startsWith('[')) return false;
        sendJson(response, answers);
        return true;
      },
    });
    const { bridge } = bench;
    bridge.send(`[${call(1)},${call(2)}]`);
    await bridge.line('the answers', (line) => line === answers);
    bridge.input.end();
    await bridge.ended;
    expect(bridge.lines.filter((line) => line.includes('error'))).toEqual([]);
  });
});
