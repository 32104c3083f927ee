import { createParser } from 'eventsource-parser';
import { onLines } from '../../support/on-lines.ts';
import { startCli } from '../../support/cli-process.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';

/** A client that sends and takes messages as text. */
export interface RawDoor {
  /** Sends one request and resolves with the text that answers it. `id` is the id as JSON reads it. */
  ask(text: string, id: unknown): Promise<string>;
  close(): Promise<void>;
}

const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
const INITIALIZE = JSON.stringify({ jsonrpc: '2.0', id: 'first', method: 'initialize', params: CLIENT });
const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** `/mcp`, `/servers/{id}/mcp`; with `isBatch`, each message in an array of its own. */
export async function streamableDoor(gateway: GatewayProcess, path: string, isBatch = false): Promise<RawDoor> {
  const opened = await gateway.rest(path, { method: 'POST', headers: HEADERS, body: INITIALIZE });
  const sessionId = opened.headers.get('mcp-session-id') ?? '';
  await opened.text();
  const headers = { ...HEADERS, 'mcp-session-id': sessionId };
  await (await gateway.rest(path, { method: 'POST', headers, body: INITIALIZED })).text();
  return {
    async ask(text) {
      const body = isBatch ? `[${text}]` : text;
      const response = await gateway.rest(path, { method: 'POST', headers, body });
      const answer = await messageOf(response);
      return isBatch && answer.startsWith('[') ? answer.slice(1, -1) : answer;
    },
    close: () => Promise.resolve(),
  };
}

export function rpcDoor(gateway: GatewayProcess): RawDoor {
  return {
    ask: async (text) => await messageOf(await gateway.rest('/rpc', { method: 'POST', headers: HEADERS, body: text })),
    close: () => Promise.resolve(),
  };
}

/** The older HTTP+SSE at any of its addresses. */
export async function sseDoor(gateway: GatewayProcess, path: string): Promise<RawDoor> {
  const ending = new AbortController();
  const stream = await gateway.rest(path, { headers: { accept: 'text/event-stream' }, signal: ending.signal });
  const waiting = createWaiting();
  const address = Promise.withResolvers<string>();
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'endpoint') address.resolve(data);
      else waiting.arrived(data);
    },
  });
  const reading = readInto(stream, (text) => {
    parser.feed(text);
  });
  const messages = await address.promise;
  const post = async (body: string): Promise<void> => {
    const response = await gateway.rest(messages, { method: 'POST', headers: HEADERS, body });
    const said = await response.text();
    if (response.status !== 202) throw new Error(`${messages} answered ${response.status}: ${said}`);
  };
  const ask = async (text: string, id: unknown): Promise<string> => {
    const answer = waiting.wait(id);
    await post(text);
    return await answer;
  };
  await ask(INITIALIZE, 'first');
  await post(INITIALIZED);
  return {
    ask,
    async close() {
      ending.abort();
      await reading;
    },
  };
}

/** `throughline bridge`: one message a line, so what a text breaks over lines is joined before it is sent. */
export async function bridgeDoor(gateway: GatewayProcess, args: readonly string[]): Promise<RawDoor> {
  const bridge = startCli(['bridge', '--url', gateway.origin, '--token', gateway.token, ...args], {
    home: gateway.home,
  });
  const { stdin, stdout } = bridge.child;
  const waiting = createWaiting();
  onLines(stdout, waiting.arrived);
  void bridge.exited.then(({ code, signal }) => {
    waiting.failed(new Error(`The bridge ended (${code ?? signal ?? ''}): ${bridge.stderr()}`));
  });
  const ask = (text: string, id: unknown): Promise<string> => {
    const answer = waiting.wait(id);
    stdin.write(`${text.replaceAll(/[\r\n]/g, ' ')}\n`);
    return answer;
  };
  await ask(INITIALIZE, 'first');
  stdin.write(`${INITIALIZED}\n`);
  return {
    ask,
    async close() {
      stdin.end();
      await bridge.exited;
    },
  };
}

function createWaiting() {
  const waiting = new Map<unknown, PromiseWithResolvers<string>>();
  return {
    wait: (id: unknown): Promise<string> => {
      const answer = Promise.withResolvers<string>();
      waiting.set(id, answer);
      return answer.promise;
    },
    arrived: (text: string): void => {
      const { id } = JSON.parse(text) as { id?: unknown };
      waiting.get(id)?.resolve(text);
      waiting.delete(id);
    },
    /** Nothing more will arrive. */
    failed: (error: Error): void => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}

async function messageOf(response: Response): Promise<string> {
  const body = await response.text();
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return body;
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== '') events.push(data);
    },
  });
  parser.feed(body);
  if (events.length !== 1) throw new Error(`One message was expected: ${body}`);
  return events[0] ?? '';
}

async function readInto(response: Response, feed: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) feed(decoder.decode(chunk, { stream: true }));
  } catch {
    // The reader ended it.
  }
}
