import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../fixtures/servers/http-listener.ts';
import { temporaryFolder } from './cli-process.ts';
import type { StdioEntry } from './fixture-servers.ts';
import type { Json } from './raw-session.ts';
import { wireMessages } from './wire-record.ts';

/** A message as it reached a server. */
export interface TappedMessage {
  readonly method: string | undefined;
  readonly meta: Json;
  /** Of the HTTP request that carried it; null over stdio. */
  readonly headers: IncomingHttpHeaders | null;
}

export interface WireTap {
  /** What went to the server so far, oldest first. */
  messages(): readonly TappedMessage[];
}

/** A stdio server with a tap on what it is sent. */
export function tapStdio({ command, args, env }: StdioEntry): WireTap & { readonly entry: StdioEntry } {
  const recordFile = join(temporaryFolder(), 'wire.jsonl');
  const script = fileURLToPath(new URL('../fixtures/servers/tap-stdio.ts', import.meta.url));
  return {
    entry: { command: process.execPath, args: [script, recordFile, command, ...args], ...(env && { env }) },
    messages: () => wireMessages(recordFile).map((message) => tapped({ ...message }, null)),
  };
}

/** A way to an HTTP server that keeps what goes there. */
export async function tapHttp(target: string): Promise<WireTap & AsyncDisposable & { readonly url: string }> {
  const { origin, pathname } = new URL(target);
  const seen: TappedMessage[] = [];
  const listener = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (body.length > 0) seen.push(tapped(JSON.parse(body.toString('utf8')) as Json, request.headers));
    const { host: _host, ...headers } = request.headers;
    const onwards = httpRequest(new URL(request.url ?? '/', origin), { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    onwards.end(body);
  });
  return {
    url: listener.origin + pathname,
    messages: () => seen,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

function tapped(message: Json, headers: IncomingHttpHeaders | null): TappedMessage {
  const { method, params } = message;
  const meta = (params as Json | undefined)?.['_meta'] ?? {};
  return { method: typeof method === 'string' ? method : undefined, meta: meta as Json, headers };
}
