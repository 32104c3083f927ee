import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { HttpDoor } from './http-door.ts';
import type { PageSessions } from './page-sessions.ts';
import { readJsonBody } from './read-json-body.ts';
import { sendError, sendJson, sendMethodNotAllowed } from './replies.ts';

export const PAGE_TOKEN_PATH = '/api/page-token';

const MAX_BODY_BYTES = 1_024;
const redeemSchema = z.strictObject({ code: z.string().min(1).max(256) });

/** `POST /api/page-token {code}` gives `{token}`, once per code, to our own page only. */
export function createPageDoor(sessions: PageSessions): HttpDoor {
  return {
    handle(request, response, url) {
      if (url.pathname !== PAGE_TOKEN_PATH) return false;
      if (request.method !== 'POST') sendMethodNotAllowed(response, url.pathname, ['POST']);
      else if (request.headers.origin === undefined) {
        // The guard has already refused every origin but ours; here its absence is refused too.
        sendError(response, url.pathname, 403, 'Only the page that this gateway serves may ask for a page token.');
      } else void redeem(request, response, sessions);
      return true;
    },
  };
}

async function redeem(request: IncomingMessage, response: ServerResponse, sessions: PageSessions): Promise<void> {
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) {
    sendError(response, PAGE_TOKEN_PATH, body.error.status, body.error.message);
    return;
  }
  const parsed = redeemSchema.safeParse(body.value);
  if (!parsed.success) {
    sendError(response, PAGE_TOKEN_PATH, 400, 'Send {"code": CODE}.');
    return;
  }
  const token = sessions.redeemCode(parsed.data.code);
  if (token === null) {
    sendError(
      response,
      PAGE_TOKEN_PATH,
      403,
      'This link was used before or is too old: get a fresh one with "throughline open".',
    );
  } else sendJson(response, 200, { token });
}
