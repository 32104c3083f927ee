import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createParser } from 'eventsource-parser';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerConfig, SessionMode } from '../../src/shared/domain/server.ts';
import type { Script } from '../fixtures/servers/scripted-stdio.ts';
import { temporaryFolder } from './cli-process.ts';
import { eventually } from './eventually.ts';
import { startInProcessGateway } from './in-process-gateway.ts';
import { openRawSession, type Json, type RawSession } from './raw-session.ts';
import { silentObserver } from './silent-observer.ts';

export type { Script } from '../fixtures/servers/scripted-stdio.ts';

/** A client that hears news. */
export interface Listener extends RawSession {
  /** Every message that came on the stream for news. */
  readonly news: readonly Json[];
  /** The methods of the notifications among them. */
  heard(): readonly string[];
  /** Begins anew. */
  forget(): void;
}

export interface ScriptedGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly defects: readonly unknown[];
  rest(path: string, init?: RequestInit): Promise<Response>;
  open(path?: string): Promise<RawSession>;
  listen(path?: string): Promise<Listener>;
  /** What a server says from now on. */
  rewrite(server: string, script: Script): void;
  /** Adds a server, or replaces one, and waits until its lists have been read. */
  add(server: string, script: Script): Promise<void>;
  /** The messages all processes of a server were sent, as text, oldest first. */
  received(server: string): readonly string[];
}

const FIXTURE = fileURLToPath(new URL('../fixtures/servers/scripted-stdio.ts', import.meta.url));

/** A gateway in this process, its servers following scripts. */
export async function startScripted(
  scripts: Readonly<Record<string, Script>>,
  sessions: SessionMode = 'dedicated',
): Promise<ScriptedGateway> {
  const folder = temporaryFolder();
  const scriptFile = (server: string): string => join(folder, `${server}.json`);
  const recordFile = (server: string): string => join(folder, `${server}.received`);
  const rewrite = (server: string, script: Script): void => {
    writeFileSync(scriptFile(server), JSON.stringify(script));
  };
  const config = (server: string): ServerConfig => ({
    type: 'stdio',
    command: process.execPath,
    args: [FIXTURE, scriptFile(server), recordFile(server)],
    env: {},
    cwd: null,
  });
  for (const [server, script] of Object.entries(scripts)) rewrite(server, script);
  const servers = Object.fromEntries(Object.keys(scripts).map((server) => [server, config(server)]));
  const host = await startInProcessGateway({ servers, observer: silentObserver(), sessions });
  const { gateway } = host;
  const ending = new AbortController();

  const rest = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${host.token}`);
    return fetch(new URL(path, host.origin), { ...init, headers });
  };

  async function listen(path = '/mcp'): Promise<Listener> {
    const session = await openRawSession({ rest }, path);
    const news: Json[] = [];
    const headers = { accept: 'text/event-stream', 'mcp-session-id': session.sessionId ?? '' };
    const response = await rest(path, { headers, signal: ending.signal });
    const parser = createParser({
      onEvent: ({ data }) => {
        if (data !== '') news.push(JSON.parse(data) as Json);
      },
    });
    void readAll(response, (text) => {
      parser.feed(text);
    });
    return {
      ...session,
      news,
      heard: () => news.map(({ method }) => String(method)),
      forget() {
        news.length = 0;
      },
    };
  }

  return {
    gateway,
    defects: host.defects,
    rest,
    open: (path = '/mcp') => openRawSession({ rest }, path),
    listen,
    rewrite,
    async add(server, script) {
      rewrite(server, script);
      await gateway.servers.add(server as ServerId, config(server));
      await gateway.servers.get(server)?.settled();
    },
    received: (server) =>
      existsSync(recordFile(server)) ? readFileSync(recordFile(server), 'utf8').trim().split('\n') : [],
    async [Symbol.asyncDispose]() {
      ending.abort();
      await host.stop();
    },
  };
}

async function readAll(response: Response, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) take(decoder.decode(chunk, { stream: true }));
  } catch {
    // The stream ends with the test.
  }
}

/** The result source of a list of tools with these names. */
export function toolList(...names: readonly string[]): string {
  return JSON.stringify({ tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })) });
}

/** The result source of a list of resources with these URIs. */
export function resourceList(...uris: readonly string[]): string {
  return JSON.stringify({ resources: uris.map((uri) => ({ uri, name: uri })) });
}

/** The result source of a list of templates. */
export function templateList(...templates: readonly string[]): string {
  return JSON.stringify({ resourceTemplates: templates.map((uriTemplate) => ({ uriTemplate, name: uriTemplate })) });
}

/** The result source of a read. */
export function contents(uri: string, text: string): string {
  return JSON.stringify({ contents: [{ uri, text }] });
}

/** One member of each item of a list. */
export async function listed(session: RawSession, kind: string, member: string): Promise<readonly string[]> {
  const answer = await session.request(`${kind}/list`, {});
  const result = answer['result'] as Readonly<Record<string, readonly Json[]>>;
  const items = Object.values(result).find(Array.isArray) ?? [];
  return items.map((item) => String(item[member]));
}

/** Waits until a listener has heard this method, and answers with all that it had heard by then. */
export async function untilHeard(listener: Listener, method: string): Promise<readonly string[]> {
  await eventually(`${method} was heard`, () => listener.heard().includes(method));
  return listener.heard();
}
