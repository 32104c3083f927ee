/** The value below which `share` (0 to 1) of the values lie; the nearest rank, no interpolation. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('There is no percentile of nothing.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** A quantity over the rounds of one run. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/** As `spreadOf`, but `lowest` and `highest` leave a quarter of the values beyond each: for many short rounds. */
export function quartilesOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: percentile(values, 0.25), highest: percentile(values, 0.75) };
}
