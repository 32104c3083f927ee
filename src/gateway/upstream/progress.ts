import { randomUUID } from 'node:crypto';
import { editedFrame, editProgressToken } from '../frame/edit.ts';
import { isObject, type NotificationFrame, type RequestFrame } from '../frame/frame.ts';

/** Under which token a server reports the progress of one request, and how its reports find back. */
export interface Progress {
  /** JSON source; null when no progress was asked for. */
  readonly tokenText: string | null;
  /** The request with the token it has on this session. */
  readonly request: RequestFrame;
  /** Gives a message from the server the token its client knows. */
  restore(frame: RequestFrame | NotificationFrame): RequestFrame | NotificationFrame;
}

/**
 * Clients choose their tokens alone, so two of them on one shared session may choose the same: there each request gets
 * a token of ours. On a dedicated session the client's own token travels untouched.
 */
export function progressOf(request: RequestFrame, sessions: 'dedicated' | 'shared'): Progress {
  const untouched = { request, restore: keep };
  const meta = request.params?.['_meta'];
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  if (typeof token !== 'string' && typeof token !== 'number') return { ...untouched, tokenText: null };
  const original = JSON.stringify(token);
  if (sessions === 'dedicated') return { ...untouched, tokenText: original };
  const ours = JSON.stringify(`throughline-${randomUUID()}`);
  return {
    tokenText: ours,
    request: withToken(request, ours),
    restore: (frame) => (frame.kind === 'notification' ? withToken(frame, original) : frame),
  };
}

function withToken<F extends RequestFrame | NotificationFrame>(frame: F, tokenText: string): F {
  return editedFrame(frame, editProgressToken(frame, tokenText));
}

function keep(frame: RequestFrame | NotificationFrame): RequestFrame | NotificationFrame {
  return frame;
}
