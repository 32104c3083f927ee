import type { ServerLog } from '../shared/contract/messages.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerLogLine } from '../shared/domain/server.ts';
import type { ServerNews } from './server-news.ts';

export interface ServerLogSources {
  /** Throws when there is no such server (any more). A server that was started anew may have a new log. */
  readonly logOf: (id: ServerId) => { readonly newest: number; since(number: number): readonly ServerLogLine[] };
  readonly lines: ServerNews['lines'];
  /** With the rules of now: lines that were read before were redacted with those of then. */
  readonly redact: (text: string) => string;
}

export interface ServerLogQuestion {
  readonly id: ServerId;
  /** The newest line already seen; null asks for all that is kept. */
  readonly cursor: number | null;
  /** In milliseconds. */
  readonly waitMs: number;
}

/** More than a page shows at once; older ones count as dropped. */
const MAX_LINES = 1_000;
/** So that a server that prints without pause is read in pieces, not line by line. */
const GATHER_MILLIS = 50;

/** What a server printed after the cursor; waits for something when there is nothing yet. */
export async function readServerLog(
  { logOf, lines, redact }: ServerLogSources,
  { id, cursor, waitMs }: ServerLogQuestion,
  signal?: AbortSignal,
): Promise<ServerLog> {
  const deadline = performance.now() + waitMs;
  const left = (): number => deadline - performance.now();
  if (cursor !== null) {
    // A log that is shorter than what was seen of it is another one: what it holds is news, too.
    while (logOf(id).newest === cursor && left() > 0 && !lines.hasStopped && signal?.aborted !== true)
      await lines.next(left(), signal);
    if (left() > 0 && signal?.aborted !== true) await pause(Math.min(GATHER_MILLIS, left()));
  }
  const log = logOf(id);
  const { newest } = log;
  const after = cursor === null || cursor > newest ? 0 : cursor;
  const kept = log.since(after).slice(-MAX_LINES);
  const redacted = kept.map((line) => ({ ...line, text: redact(line.text) }));
  return { cursor: newest, dropped: newest - after - kept.length, lines: redacted };
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
