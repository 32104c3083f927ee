import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLiveGateways, type GatewayState } from '../../../src/runtime/state-file.ts';
import { startCli, type CliOptions, type CliProcess } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';

/** What clients are told to start. */
export const LAUNCHER = fileURLToPath(new URL('../../../bin/throughline.mjs', import.meta.url));

type Json = Readonly<Record<string, unknown>>;

/** This machine may be doing a lot at once; the bound only ends a test that fails. */
const PATIENCE_MS = 60_000;

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The bridge as a client starts it, with the client's end of its pipes. */
export interface BridgeProcess extends CliProcess {
  send(...messages: readonly Json[]): void;
  messages(): readonly Message[];
  answerTo(id: unknown): Promise<Message>;
  initialize(): Promise<Message>;
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'initialize',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bridge-test', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

export function startBridge(args: readonly string[], options: CliOptions): BridgeProcess {
  const cli = startCli(['bridge', ...args], options);
  // A bridge that has ended reads nothing any more.
  cli.child.stdin.on('error', () => undefined);
  const messages = (): readonly Message[] =>
    cli
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Message);
  const answerTo = (id: unknown): Promise<Message> =>
    eventually(
      `an answer to ${String(id)}`,
      () => messages().find((message) => message.id === id && message.method === undefined) ?? null,
      PATIENCE_MS,
    );
  const bridge: BridgeProcess = {
    ...cli,
    messages,
    answerTo,
    send: (...sent) => {
      for (const each of sent) cli.child.stdin.write(`${JSON.stringify(each)}\n`);
    },
    initialize: async () => {
      bridge.send(INITIALIZE);
      const answer = await answerTo('initialize');
      bridge.send(INITIALIZED);
      return answer;
    },
  };
  return bridge;
}

export function toolCall(id: unknown, name: string, args: Json = {}): Json {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
}

export const stateDirectoryOf = (home: string): string => join(home, '.local', 'state', 'throughline');

export function gatewaysOf(home: string): Promise<readonly GatewayState[]> {
  return findLiveGateways(stateDirectoryOf(home));
}

/** Ends the gateways that bridges of this home have started, which outlive them. */
export async function endGatewaysOf(home: string): Promise<void> {
  for (const { pid } of await gatewaysOf(home)) process.kill(pid, 'SIGTERM');
  await eventually('the gateways have ended', async () => (await gatewaysOf(home)).length === 0, PATIENCE_MS);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
