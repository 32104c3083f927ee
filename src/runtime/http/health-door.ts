import type { HttpDoor } from './http-door.ts';
import { sendJson, sendMethodNotAllowed } from './replies.ts';

/** `GET /health`: the process answers. `GET /ready`: it also takes calls. Neither is traced. */
export function createHealthDoor(isReady: () => boolean): HttpDoor {
  return {
    handle(request, response, url) {
      if (url.pathname !== '/health' && url.pathname !== '/ready') return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        sendMethodNotAllowed(response, url.pathname, ['GET', 'HEAD']);
      } else if (url.pathname === '/health') {
        sendJson(response, 200, { status: 'ok' });
      } else {
        const ready = isReady();
        sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
      }
      return true;
    },
  };
}
