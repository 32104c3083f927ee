import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../shared/kernel/user-error.ts';
import { createDemoClient, isObject, objectAt, type DemoClient, type Json } from './demo-client.ts';

const HUMAN_PAUSE_MS = 600;
const PATIENCE_MS = 120_000;

interface ScriptedCall {
  readonly tool: string;
  readonly arguments: Json;
}

/** In this order; the last one is never answered. */
export const demoScript: readonly ScriptedCall[] = [
  { tool: 'search_notes', arguments: { query: 'review' } },
  { tool: 'summarise_report', arguments: { report: 'annual-report.pdf' } },
  {
    tool: 'send_email',
    arguments: { to: 'nobody@example.test', subject: 'Annual report', body: 'The summary is attached.' },
  },
  {
    tool: 'login',
    arguments: {
      url: 'https://mira:autumn-leaves-42@portal.example.test/login?api_key=demo-key-7c1f0a9e44b2&lang=en',
      user: 'mira',
      password: 'autumn-leaves-42',
      api_key: 'demo-key-7c1f0a9e44b2',
    },
  },
  { tool: 'wait_for_approval', arguments: { request: 'Publish the annual report' } },
];

export interface DemoSessionOptions {
  /** `/mcp` or `/servers/demo/mcp` of the running gateway, in full. */
  readonly mcpUrl: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
  /** Ends the session early: the running call is cancelled and the session closed. */
  readonly signal: AbortSignal;
  /** Time between two calls, in milliseconds. */
  readonly pauseMs?: number;
  /** How long the last call is waited for, in milliseconds. */
  readonly patienceMs?: number;
}

export interface DemoSession {
  /** Resolves once the session is open and its tools are known; rejects with a UserError when that fails. */
  readonly begun: Promise<void>;
  /** Resolves when the last call has ended, however it did, and the session is closed. Never rejects. */
  readonly ended: Promise<void>;
}

/** Starts a scripted MCP client against the real gateway: every call of `demoScript`, one after the other. */
export function createDemoSession(options: DemoSessionOptions): DemoSession {
  const client = createDemoClient(options);
  const begun = open(client, options.signal);
  const ended = begun
    .then((exposedNames) => playScript(client, exposedNames, options))
    // Why the script stopped is in the traces it made; a failed opening is told by `begun`.
    .catch(() => undefined)
    .finally(() => client.close());
  return { begun: begun.then(() => undefined), ended: ended.then(() => undefined) };
}

/** Opens the session and finds out what the gateway calls each tool of the script. */
async function open(client: DemoClient, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  await client.initialize(signal);
  const answer = await client.request('tools/list', {}, signal);
  const listed = objectAt(answer, 'result')['tools'];
  const names = Array.isArray(listed) ? listed.map((tool: unknown) => (isObject(tool) ? tool['name'] : null)) : [];
  const exposed = new Map<string, string>();
  for (const { tool } of demoScript) {
    const name = names.find((candidate) => typeof candidate === 'string' && candidate.endsWith(tool));
    if (typeof name !== 'string') {
      throw new UserError(
        `The demo server does not offer ${tool}; restart it under Servers, then play the demo again.`,
      );
    }
    exposed.set(tool, name);
  }
  return exposed;
}

async function playScript(
  client: DemoClient,
  exposedNames: ReadonlyMap<string, string>,
  { signal, pauseMs = HUMAN_PAUSE_MS, patienceMs = PATIENCE_MS }: DemoSessionOptions,
): Promise<void> {
  for (const [index, call] of demoScript.entries()) {
    if (index > 0) await delay(pauseMs, undefined, { signal });
    const isLast = index === demoScript.length - 1;
    const untilAnswer = isLast ? AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) : signal;
    const params = {
      name: exposedNames.get(call.tool),
      arguments: call.arguments,
      _meta: { progressToken: `demo-${index + 1}` },
    };
    await client.request('tools/call', params, untilAnswer);
  }
}
