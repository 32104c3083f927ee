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
    for await (const chunk of request as AsyncIterable<Buffer>) {
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
