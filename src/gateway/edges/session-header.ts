import type { IncomingMessage } from 'node:http';
import { RPC_CODES } from '../routing/answer.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { McpRoute } from './route.ts';

/** The session a request names in `Mcp-Session-Id`, within the endpoint's own scope. */
export function sessionOf(request: IncomingMessage, route: McpRoute, sessions: ClientSessions): ClientSession | null {
  const id = request.headers['mcp-session-id'];
  return typeof id === 'string' ? sessions.find(id, route.scope) : null;
}

export interface SessionRefusal {
  readonly statusCode: number;
  readonly code: number;
  readonly message: string;
}

/** Why a request without a session of ours is refused: it names one that is gone, or none. */
export function sessionRefusal(request: IncomingMessage): SessionRefusal {
  if (request.headers['mcp-session-id'] === undefined) {
    const message = 'The Mcp-Session-Id header is missing; send initialize first.';
    return { statusCode: 400, code: RPC_CODES.invalidRequest, message };
  }
  const message = 'This session is not known (any more); send initialize to begin a new one.';
  return { statusCode: 404, code: RPC_CODES.sessionNotFound, message };
}
