import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * One group of HTTP routes behind the guard. `handle` answers true when the request is its own: it then replies itself,
 * now or later, whatever happens. False leaves request and response untouched for the next door.
 */
export interface HttpDoor {
  handle(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
}
