import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

/** `too-large`: more than the limit was announced or came. `disconnected`: the sender left before the end. */
export type BodyFailure = 'too-large' | 'disconnected';

/** Reads a request's body as UTF-8, at most `maxBytes` of it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Result<string, BodyFailure>> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return err('too-large');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the loop early must not cut the connection: the sender is still to be told why.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) return err('too-large');
      chunks.push(chunk);
    }
  } catch {
    // The only way reading fails is that the other side is gone.
    return err('disconnected');
  }
  return ok(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString('utf8'));
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
