/** The host stops keeping secrets by itself after this long. */
export const REVEAL_MINUTES = 15;

/** Milliseconds since 1970 at which secrets are forgotten again. */
export function revealEnds(since: number): number {
  return since + REVEAL_MINUTES * 60_000;
}
