import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export interface BodyRefusal {
  readonly status: 400 | 413 | 415 | 503;
  readonly message: string;
}

export interface BodyLimits {
  /** Bytes as they travel. */
  readonly wire: number;
  /** Bytes once they are unpacked. */
  readonly unpacked: number;
  /** What to do when it has more, as the end of a sentence. */
  readonly advice: string;
}

/** What all bodies that are being taken in may hold together. */
export interface ByteBudget {
  /** False when there is no room for so many more. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createByteBudget(limit: number): ByteBudget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > limit) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}

export const BUSY: BodyRefusal = {
  status: 503,
  message: 'More is coming in than can be taken: send this again in a moment.',
};

/**
 * Reads a body, unpacked. It is counted while it is unpacked, so that a small one that unpacks to a huge one (a zip bomb)
 * is given up when it passes the limit. What is read belongs to the budget: give it back when it is done with.
 */
export async function readPackedBody(
  request: IncomingMessage,
  limits: BodyLimits,
  budget: ByteBudget,
): Promise<Result<Buffer, BodyRefusal>> {
  const unpacking = unpackerOf(request.headers['content-encoding']);
  if (unpacking === 'unknown') {
    return err({ status: 415, message: 'Send the body as it is or with Content-Encoding: gzip.' });
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.wire)
    return err(tooLarge(limits, limits.wire, 'as it travels'));
  const chunks: Buffer[] = [];
  let held = 0;
  const failure = await readThrough(request, unpacking, limits, (chunk) => {
    if (held + chunk.byteLength > limits.unpacked) return tooLarge(limits, limits.unpacked, 'unpacked');
    if (!budget.take(chunk.byteLength)) return BUSY;
    held += chunk.byteLength;
    chunks.push(chunk);
    return null;
  });
  if (failure === null) return ok(Buffer.concat(chunks));
  budget.give(held);
  return err(failure);
}

function readThrough(
  request: IncomingMessage,
  unpacking: Transform | null,
  limits: BodyLimits,
  keep: (chunk: Buffer) => BodyRefusal | null,
): Promise<BodyRefusal | null> {
  return new Promise((resolve) => {
    let travelled = 0;
    let isOver = false;
    const settle = (failure: BodyRefusal | null): void => {
      if (isOver) return;
      isOver = true;
      request.unpipe();
      unpacking?.destroy();
      // What still comes is let go of unread, so that its sender gets to read the answer.
      request.resume();
      resolve(failure);
    };
    const take = (chunk: Buffer): void => {
      const failure = isOver ? null : keep(chunk);
      if (failure !== null) settle(failure);
    };
    const source = unpacking ?? request;
    request.on('data', (chunk: Buffer) => {
      travelled += chunk.byteLength;
      if (travelled > limits.wire) settle(tooLarge(limits, limits.wire, 'as it travels'));
      else if (unpacking === null) take(chunk);
    });
    unpacking?.on('data', take);
    source.once('end', () => {
      settle(null);
    });
    unpacking?.on('error', () => {
      settle({ status: 400, message: 'The body cannot be unpacked: it is not what its Content-Encoding says.' });
    });
    const onBreak = (): void => {
      if (!request.complete) settle({ status: 400, message: 'The request ended before its body did.' });
    };
    request.once('error', onBreak);
    request.once('close', onBreak);
    if (unpacking !== null) request.pipe(unpacking);
  });
}

function unpackerOf(contentEncoding: string | undefined): Transform | null | 'unknown' {
  switch (contentEncoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      return 'unknown';
  }
}

const MEBIBYTE = 1024 * 1024;

function tooLarge({ advice }: BodyLimits, limit: number, how: string): BodyRefusal {
  const size = limit >= MEBIBYTE ? `${limit / MEBIBYTE} MiB` : `${limit} bytes`;
  return { status: 413, message: `The body has more than ${size} ${how}: ${advice}.` };
}
