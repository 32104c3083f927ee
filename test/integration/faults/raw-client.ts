import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Json } from '../../support/raw-session.ts';
import type { FaultStage } from './stage.ts';

/** A connection to the gateway that reads only when it is told to. */
export async function openSocket(stage: FaultStage): Promise<Socket> {
  const socket = connect(Number(new URL(stage.gateway.origin).port), '127.0.0.1');
  // The gateway may cut it.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  return socket;
}

export interface RawRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly sessionId?: string | null;
  readonly body?: Json;
}

/** The bytes of one request. */
export function requestBytes(stage: FaultStage, { method, path, sessionId = null, body }: RawRequest): string {
  const content = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(stage.gateway.origin).host}`,
    `authorization: Bearer ${stage.gateway.token}`,
    `accept: ${method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(content)}`,
    ...(sessionId === null ? [] : [`mcp-session-id: ${sessionId}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${content}`;
}

export function initializeBody(name = 'raw-client'): Json {
  const clientInfo = { name, version: '1' };
  return {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  };
}

export function callBody(id: number, name: string, args: Json, meta: Json = {}): Json {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta: meta } };
}
