import type { IncomingHttpHeaders } from 'node:http';
import { listen, readMessage } from '../fixtures/servers/http-listener.ts';
import { MODERN_VERSION } from './modern-client.ts';
import type { Json } from './raw-session.ts';

export interface ModernRequestSeen {
  readonly method: string;
  readonly params: Json;
  readonly headers: IncomingHttpHeaders;
}

/** The result of a method, or what makes it from the request. An object that is `refused` is the error with that code. */
export type ScriptedAnswer = Json | ((request: ModernRequestSeen) => Json);

/** A server of MCP 2026-07-28 over HTTP, in this process, that answers what a test says and keeps what it was asked. */
export interface ScriptedModernServer extends AsyncDisposable {
  readonly url: string;
  /** By method; what is not there is refused. May be changed at any time. */
  readonly answers: Map<string, ScriptedAnswer>;
  /** What was asked with this method, oldest first. */
  asked(method: string): readonly ModernRequestSeen[];
}

export async function startScriptedModernServer(
  answers: Readonly<Record<string, ScriptedAnswer>>,
): Promise<ScriptedModernServer> {
  const script = new Map(Object.entries(answers));
  const seen: ModernRequestSeen[] = [];
  const listener = await listen(async (request, response) => {
    const message = (await readMessage(request)) ?? {};
    const { id, method, params } = message;
    const asked: ModernRequestSeen = { method: String(method), params: params as Json, headers: request.headers };
    seen.push(asked);
    const answer = script.get(asked.method) ?? DEFAULTS[asked.method];
    const result = typeof answer === 'function' ? answer(asked) : answer;
    const code = result === undefined ? -32_601 : result['refused'];
    const error = { code, message: `Not so: ${asked.method}.` };
    const body = { jsonrpc: '2.0', id, ...(code === undefined ? { result } : { error }) };
    response
      .writeHead(code === undefined ? 200 : code === -32_601 ? 404 : 400, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  });
  return {
    url: `${listener.origin}/mcp`,
    answers: script,
    asked: (method) => seen.filter((request) => request.method === method),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

const DEFAULTS: Readonly<Record<string, Json>> = {
  'server/discover': {
    resultType: 'complete',
    supportedVersions: [MODERN_VERSION],
    capabilities: { tools: {} },
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'scripted-modern', version: '1' } },
  },
  'tools/list': { resultType: 'complete', tools: [] },
  'tools/call': { resultType: 'complete', content: [] },
};
