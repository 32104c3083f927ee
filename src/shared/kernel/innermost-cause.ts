/** The innermost cause that carries a system code says most; wrappers around it say "fetch failed". */
export function innermostCause(thrown: unknown): { readonly code: string; readonly message: string } {
  let current = thrown;
  let best = { code: '', message: '' };
  for (let depth = 0; depth < 10 && current instanceof Error; depth += 1) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : '';
    best = { code: code === '' ? best.code : code, message: current.message === '' ? best.message : current.message };
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return best;
}
