/**
 * The innermost cause says most; wrappers around it say "fetch failed". `code` is a system's (`ECONNREFUSED`) or empty,
 * `name` that of the error that has the message.
 */
export function innermostCause(thrown: unknown): {
  readonly code: string;
  readonly name: string;
  readonly message: string;
} {
  let current = thrown;
  let best = { code: '', name: '', message: '' };
  for (let depth = 0; depth < 10 && current instanceof Error; depth += 1) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : best.code;
    const { name, message } = current.message === '' && best.name !== '' ? best : current;
    best = { code, name, message };
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return best;
}
