/** The longest wait that an endpoint may ask for: one that says a week would get nothing of today. */
export const MAX_WAIT_MS = 60 * 60 * 1_000;

/** What a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds or a date), in milliseconds from `now`; null for none. */
export function retryAfterMillis(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, MAX_WAIT_MS);
  const date = text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(0, date - now), MAX_WAIT_MS);
}
