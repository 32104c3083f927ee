import { openRawStream, type RawStream } from '../../integration/doors/door-support.ts';
import type { Json } from '../../support/raw-session.ts';
import { startDoorHost, type DoorHost, type DoorHostOptions } from './door-host.ts';

export const VERSION = '2026-07-28';
export const PATH = '/servers/local/mcp';
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

export interface ModernRequest {
  readonly id?: number | string;
  readonly path?: string;
  readonly capabilities?: Json;
  readonly clientName?: string;
  /** More of `params._meta`, or other values for what is there; undefined takes a key out. */
  readonly meta?: Json;
  /** In place of the right ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A gateway whose door tests speak MCP 2026-07-28 by hand. */
export interface ModernHost extends DoorHost {
  ask(method: string, params?: Json, request?: ModernRequest): Promise<RawStream>;
  /** Asks and waits for the whole answer: its status and its last message. */
  answer(
    method: string,
    params?: Json,
    request?: ModernRequest,
  ): Promise<{ readonly status: number; readonly message: Json }>;
}

export async function startModernHost(options: DoorHostOptions): Promise<ModernHost> {
  const host = await startDoorHost(options);
  let nextId = 1;

  function ask(method: string, params: Json = {}, request: ModernRequest = {}): Promise<RawStream> {
    const { id = nextId, path = PATH, capabilities = {}, clientName = 'modern', meta = {}, headers = {} } = request;
    nextId += 1;
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': VERSION,
      'io.modelcontextprotocol/clientCapabilities': capabilities,
      'io.modelcontextprotocol/clientInfo': { name: clientName, version: '1' },
      ...meta,
    };
    const name = params[NAMED_BY.get(method) ?? ''];
    const all: Readonly<Record<string, string | undefined>> = {
      'mcp-protocol-version': VERSION,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const body = { jsonrpc: '2.0', id, method, params: { ...params, _meta: envelope } };
    return openRawStream(host, path, { method: 'POST', headers: Object.fromEntries(sent), body });
  }

  return {
    ...host,
    ask,
    async answer(method, params, request) {
      const stream = await ask(method, params, request);
      return { status: stream.status, message: await stream.last() };
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** The text of a tool's answer. */
export function said(message: Json): string {
  const { content = [] } = (message['result'] ?? {}) as { content?: readonly { text?: string }[] };
  return content.map(({ text = '' }) => text).join('');
}
