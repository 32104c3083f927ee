import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export interface BodyFailure {
  readonly status: 400 | 413 | 415;
  readonly message: string;
}

/**
 * Reads a small JSON body. One that is too large is drained without being kept, so that its sender still gets the answer.
 * An aborted request gives a failure too; nobody is left to read it.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Result<unknown, BodyFailure>> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return err({ status: 415, message: 'Send the body as application/json.' });
  }
  const text = await readText(request, maxBytes);
  if (text === 'too-large') return err({ status: 413, message: `The body is larger than ${maxBytes} bytes.` });
  if (text === 'aborted') return err({ status: 400, message: 'The request ended before its body did.' });
  try {
    return ok(JSON.parse(text.body));
  } catch {
    // What was wrong with it would quote it.
    return err({ status: 400, message: 'The body is not valid JSON.' });
  }
}

function readText(request: IncomingMessage, maxBytes: number): Promise<{ body: string } | 'too-large' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve('too-large');
    });
    request.once('end', () => {
      resolve({ body: Buffer.concat(chunks).toString('utf8') });
    });
    request.once('error', () => {
      resolve('aborted');
    });
    request.once('close', () => {
      resolve('aborted');
    });
  });
}
