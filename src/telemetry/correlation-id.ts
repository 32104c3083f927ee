const CORRELATION_ID = /^[A-Za-z0-9._:/-]{1,255}$/;

/** A caller's id is kept when it is one; else there is a new one (R34). */
export function correlationIdOf(incoming: string | undefined, newId: () => string): string {
  return incoming !== undefined && CORRELATION_ID.test(incoming) ? incoming : newId();
}
