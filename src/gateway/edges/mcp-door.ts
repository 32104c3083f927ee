import type { IncomingMessage, ServerResponse } from 'node:http';
import { createDispatch } from './dispatch.ts';
import type { DoorContext } from './exchange.ts';
import { createModernDoor } from './modern-door.ts';
import { mcpRouteOf } from './route.ts';
import { createRpcDoor } from './rpc-door.ts';
import { createSseDoor } from './sse-door.ts';
import { createStreamableDoor } from './streamable-door.ts';

/**
 * Every address at which the gateway speaks MCP over HTTP. Host, Origin and token have been checked before a request
 * comes here.
 */
export interface McpDoor {
  /** True when the request is for this door, which then answers it whatever happens. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
  /** Ends the streams that no session would end. */
  stop(): void;
}

export function createMcpDoor(context: DoorContext): McpDoor {
  const dispatch = createDispatch(context);
  const modern = createModernDoor(context, dispatch);
  const streamable = createStreamableDoor(context, dispatch, modern);
  const rpc = createRpcDoor(context, dispatch);
  const sse = createSseDoor(context, dispatch);
  return {
    handle(request, response, url) {
      const route = mcpRouteOf(url.pathname, context.virtualServers);
      if (route === null) return false;
      const visit = { request, response, url, route };
      switch (route.door) {
        case 'streamable':
          streamable(visit);
          return true;
        case 'rpc':
          rpc(visit);
          return true;
        case 'sse':
          sse.openStream(visit);
          return true;
        case 'message':
          sse.takeMessage(visit);
          return true;
      }
    },
    stop() {
      sse.stop();
      modern.stop();
      context.patience.stop();
    },
  };
}
