/** What this release writes, and the newest that it reads. */
export const SESSION_VERSION = 1;

/** The name under which the first line of a session file says its version. */
export const SESSION_KEY = 'throughlineSession';

/**
 * The first line of a session file: OTLP/JSON without spans, with a field that other readers do not know and so, as the
 * specification asks of them, ignore.
 */
export const SESSION_HEAD: Uint8Array = Buffer.from(
  `${JSON.stringify({ resourceSpans: [], [SESSION_KEY]: { version: SESSION_VERSION } })}\n`,
);
