import { PassThrough } from 'node:stream';
import { runBridge, type BridgeBounds } from '../../src/bridge/bridge.ts';
import type { GatewayAddress, GatewaySource } from '../../src/bridge/gateway-source.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import { eventually } from '../support/eventually.ts';
import type { ScriptedGateway } from './scripted-gateway.ts';

export const TOKEN = 'the-token-of-the-gateway';

/** A bridge in this process, with the client's end of its pipes. */
export interface BridgeRun {
  readonly input: PassThrough;
  readonly output: PassThrough;
  /** Every line that the client got. */
  readonly lines: readonly string[];
  readonly said: readonly string[];
  /** Rejects when the bridge did. */
  readonly ended: Promise<void>;
  stop(): void;
  send(...texts: readonly string[]): void;
  /** The first line that matches, once it is there. */
  line(what: string, matches: (line: string) => boolean): Promise<string>;
  answerTo(id: unknown): Promise<{ readonly result?: unknown; readonly error?: { code: number; message: string } }>;
  /** Opens the session as a client does. */
  initialize(): Promise<void>;
}

/** Finds whatever `gateways` says runs now. */
export function sourceOf(current: () => Pick<ScriptedGateway, 'port'> | null, isOwn = false): GatewaySource {
  return {
    find: () => {
      const gateway = current();
      if (gateway === null) return Promise.resolve(err('No gateway runs here.'));
      const address: GatewayAddress = { origin: `http://127.0.0.1:${gateway.port}`, token: TOKEN, isOwn };
      return Promise.resolve(ok(address));
    },
    start: null,
  };
}

export const INITIALIZE =
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}';
export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';

export function call(id: unknown, name = 'echo'): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
}

export function startBridge(gateways: GatewaySource, bounds: Partial<BridgeBounds> = {}): BridgeRun {
  const input = new PassThrough();
  const output = new PassThrough();
  const said: string[] = [];
  const lines: string[] = [];
  const rest: string[] = [];
  output.setEncoding('utf8').on('data', (text: string) => {
    const pieces = text.split('\n');
    for (const piece of pieces.slice(0, -1)) lines.push([...rest.splice(0), piece].join(''));
    rest.push(pieces.at(-1) ?? '');
  });
  const asked = Promise.withResolvers<undefined>();
  const ended = runBridge({
    input,
    output,
    gateways,
    path: '/mcp',
    say: (sentence) => said.push(sentence),
    stop: asked.promise,
    bounds: { delivery: 20_000, afterEnd: 5_000, ...bounds },
  });
  // A test that expects it to fail says so later.
  ended.catch(() => undefined);

  const line: BridgeRun['line'] = (what, matches) => eventually(what, () => lines.find(matches) ?? null);
  const run: BridgeRun = {
    input,
    output,
    lines,
    said,
    ended,
    stop: () => {
      asked.resolve(undefined);
    },
    send: (...texts) => {
      for (const text of texts) input.write(`${text}\n`);
    },
    line,
    answerTo: async (id) =>
      JSON.parse(
        await line(`an answer to ${JSON.stringify(id)}`, (text) => {
          const { id: its, method } = JSON.parse(text) as { id?: unknown; method?: unknown };
          return method === undefined && JSON.stringify(its) === JSON.stringify(id);
        }),
      ) as Awaited<ReturnType<BridgeRun['answerTo']>>,
    initialize: async () => {
      run.send(INITIALIZE);
      await run.answerTo(0);
      run.send(INITIALIZED);
    },
  };
  return run;
}
