import { applyEdits, editProgressToken, type Edit } from '../frame/edit.ts';
import { isObject, parseFrame, type NotificationFrame, type RequestFrame } from '../frame/frame.ts';

/** Under which token a server reports the progress of one request, and how its reports find back. */
export interface Progress {
  /** JSON source; null when no progress was asked for. */
  readonly tokenText: string | null;
  readonly edits: readonly Edit[];
  /** Gives a message from the server the token its client knows. */
  restore(frame: RequestFrame | NotificationFrame): RequestFrame | NotificationFrame;
}

const NONE: Progress = { tokenText: null, edits: [], restore: (frame) => frame };

let lastToken = 0;

/**
 * Clients choose their tokens alone, so two of them on one shared session may choose the same: there each request gets
 * a token of ours. On a dedicated session the client's own token travels untouched.
 */
export function progressOf(request: RequestFrame, sessions: 'dedicated' | 'shared'): Progress {
  const meta = request.params?.['_meta'];
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  if (typeof token !== 'string' && typeof token !== 'number') return NONE;
  const original = JSON.stringify(token);
  if (sessions === 'dedicated') return { tokenText: original, edits: [], restore: (frame) => frame };
  lastToken += 1;
  const ours = JSON.stringify(`throughline-${lastToken}`);
  return {
    tokenText: ours,
    edits: editProgressToken(request, ours),
    restore: (frame) => (frame.kind === 'notification' ? withToken(frame, original) : frame),
  };
}

function withToken(frame: NotificationFrame, tokenText: string): NotificationFrame {
  const edits = editProgressToken(frame, tokenText);
  if (edits.length === 0) return frame;
  const parsed = parseFrame(applyEdits(frame.text, edits));
  return parsed.ok && parsed.value.kind === 'notification' ? parsed.value : frame;
}
