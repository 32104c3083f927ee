import type { ServerResponse } from 'node:http';

const JSON_RPC_SERVER_ERROR = -32_000;
/** Paths whose callers speak JSON-RPC and so expect its errors. */
const JSON_RPC_PATH = /^(?:\/v1)?\/(?:mcp|servers|rpc|sse|message)(?:\/|$)/;

/** Headers of every reply of ours: nothing is cached, sniffed or told to another site. There are no CORS headers. */
const COMMON_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendBytes(response, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(body)));
}

export function sendBytes(
  response: ServerResponse,
  status: number,
  mediaType: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...COMMON_HEADERS,
    'Content-Type': mediaType,
    'Content-Length': body.byteLength,
    ...headers,
  });
  response.end(body);
}

/** An error in the form that callers of `path` read: JSON-RPC on the MCP endpoints, `{"error":{"message"}}` elsewhere. */
export function sendError(
  response: ServerResponse,
  path: string,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(errorBody(path, message)));
  sendBytes(response, status, 'application/json; charset=utf-8', body, {
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...headers,
  });
}

export function errorBody(path: string, message: string): unknown {
  if (JSON_RPC_PATH.test(path)) return { jsonrpc: '2.0', error: { code: JSON_RPC_SERVER_ERROR, message }, id: null };
  return { error: { message } };
}

/** 405 with the methods that the path does take. */
export function sendMethodNotAllowed(response: ServerResponse, path: string, allowed: readonly string[]): void {
  sendError(response, path, 405, `This address takes ${allowed.join(' or ')} only.`, { Allow: allowed.join(', ') });
}
