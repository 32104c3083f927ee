import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText } from '../frame/compose.ts';
import { RPC_CODES } from '../routing/answer.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import { sendError, sessionOf, sessionRefusal, type PostContext } from './exchange.ts';
import { handlePost } from './post.ts';
import { createNewsStream } from './reply.ts';
import { mcpRouteOf, type McpRoute } from './route.ts';

/**
 * The gateway's HTTP routes: MCP Streamable HTTP at `/mcp` and `/servers/{id}/mcp`. Host, Origin and token have been
 * checked before a request comes here.
 */
export interface McpDoor {
  /** True when the request is for this door, which then answers it whatever happens. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
}

export function createMcpDoor(context: PostContext): McpDoor {
  return {
    handle(request, response, url) {
      const route = mcpRouteOf(url.pathname);
      if (route === null) return false;
      switch (request.method) {
        case 'POST':
          handlePost({ request, response, url, route }, context).catch((error: unknown) => {
            context.onDefect(error);
            response.destroy();
          });
          return true;
        case 'GET':
          openNews(request, response, route, context.sessions);
          return true;
        case 'DELETE':
          void endSession(request, response, route, context.sessions);
          return true;
        default:
          response.setHeader('allow', 'POST, GET, DELETE');
          refuse(response, 405, RPC_CODES.invalidRequest, 'Send MCP messages with POST.');
          return true;
      }
    },
  };
}

function openNews(request: IncomingMessage, response: ServerResponse, route: McpRoute, sessions: ClientSessions): void {
  if (!(request.headers.accept ?? '').includes('text/event-stream')) {
    refuse(
      response,
      406,
      RPC_CODES.invalidRequest,
      'A GET here opens an event stream: send "Accept: text/event-stream".',
    );
    return;
  }
  const session = sessionOf(request, route, sessions);
  if (session === null) refuseSession(request, response);
  else session.listen(createNewsStream(response, { 'mcp-session-id': session.id }));
}

async function endSession(
  request: IncomingMessage,
  response: ServerResponse,
  route: McpRoute,
  sessions: ClientSessions,
): Promise<void> {
  const session = sessionOf(request, route, sessions);
  if (session === null) {
    refuseSession(request, response);
    return;
  }
  await sessions.close(session);
  response.writeHead(200, { 'content-length': 0 }).end();
}

function refuseSession(request: IncomingMessage, response: ServerResponse): void {
  const { statusCode, code, message } = sessionRefusal(request);
  refuse(response, statusCode, code, message);
}

function refuse(response: ServerResponse, statusCode: number, code: number, message: string): void {
  sendError(response, statusCode, errorText(null, { code, message }));
}
