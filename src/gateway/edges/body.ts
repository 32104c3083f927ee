import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

/** `too-large`: more than the limit was announced or came. `disconnected`: the sender left before the end. */
export type BodyFailure = 'too-large' | 'disconnected';

/** Reads a request's body as UTF-8, at most `maxBytes` of it, and calls `done` once, perhaps before it returns. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  done: (body: Result<string, BodyFailure>) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    done(err('too-large'));
    return;
  }
  let chunks: Buffer[] | null = [];
  let length = 0;
  const end = (): Buffer[] | null => {
    const read = chunks;
    chunks = null;
    return read;
  };
  request.on('data', (chunk: Buffer) => {
    if (chunks === null) return;
    length += chunk.length;
    chunks.push(chunk);
    if (length > maxBytes && end() !== null) done(err('too-large'));
  });
  request.on('end', () => {
    const read = end();
    if (read !== null) done(ok(read.length === 1 ? String(read[0]) : Buffer.concat(read).toString('utf8')));
  });
  // Comes after a proper end too, and is then of no account.
  request.on('close', () => {
    if (end() !== null) done(err('disconnected'));
  });
}

const DISCARD_MILLIS = 10_000;

/**
 * Reads and forgets the rest of a body that will not be taken: a sender whose connection is cut while it sends may never
 * see the answer. One that goes on for too long is cut all the same.
 */
export function discardRest(request: IncomingMessage): void {
  const timer = setTimeout(() => {
    request.destroy();
  }, DISCARD_MILLIS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
  request.resume();
}
