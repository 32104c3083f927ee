import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_FILE_BYTES } from '../../otlp/files/unpack.ts';
import type { TraceImports } from '../services.ts';
import { createByteBudget, readPackedBody } from './read-packed-body.ts';
import { sendError, sendJson } from './replies.ts';

const LIMITS = {
  wire: MAX_FILE_BYTES,
  unpacked: MAX_FILE_BYTES,
  advice: 'split the file and import its parts',
};

/** Of files that are on their way, together. */
const MAX_HELD_BYTES = 2 * MAX_FILE_BYTES;

const MAX_NAME_LENGTH = 255;
const UNNAMED = 'The file';

export type TakeImport = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** `POST /api/import?name=FILE` with the file as its body; what it is, the file itself tells. */
export function createImportRoute(imports: TraceImports): TakeImport {
  const budget = createByteBudget(MAX_HELD_BYTES);
  return async (request, response, url) => {
    const body = await readPackedBody(request, LIMITS, budget);
    if (!body.ok) {
      const { status, message } = body.error;
      const headers = { ...(status === 413 && { Connection: 'close' }), ...(status === 503 && { 'Retry-After': '1' }) };
      sendError(response, url.pathname, status, message, headers);
      return;
    }
    try {
      const name = url.searchParams.get('name')?.slice(0, MAX_NAME_LENGTH) ?? '';
      sendJson(response, 200, await imports.file(name === '' ? UNNAMED : name, body.value));
    } finally {
      budget.give(body.value.byteLength);
    }
  };
}
