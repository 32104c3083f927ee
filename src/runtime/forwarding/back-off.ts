export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const BACK_OFF: BackOff = { firstMs: 1_000, maxMs: 60_000 };

/** So much more or less, so that many gateways do not come back to one endpoint at the same moment. */
const JITTER = 0.2;

/**
 * How long to wait after so many failures in a row, in milliseconds: twice as long each time up to a limit, or as long as
 * the endpoint asked for. `random`: from 0 to 1.
 */
export function pauseAfter(failures: number, askedForMs: number | null, backOff: BackOff, random: number): number {
  if (askedForMs !== null) return Math.max(askedForMs, backOff.firstMs);
  const grown = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(grown * (1 - JITTER + 2 * JITTER * random));
}
