/**
 * A failure that a user can cause and mend. Its message is one sentence that says what to do and is shown as it is;
 * nothing in it may come from a server, a client or a secret without having been redacted.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The message of anything thrown, for logs and sentences; never the stack. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  return String(thrown);
}
