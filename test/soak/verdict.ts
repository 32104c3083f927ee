import { growthOf, type Footprint } from '../support/footprint.ts';

export interface Sample {
  readonly seconds: number;
  readonly calls: number;
  readonly megabytes: number;
  readonly footprint: Footprint;
}

/** Between two collections of garbage memory goes up and down by more than any leak worth the name in this time. */
const MOST_GROWTH = 1.15;
const MOST_GROWTH_MB = 10;
/** With fewer there is no telling a trend. */
const FEWEST_SAMPLES = 8;

/**
 * What a gateway leaks, in sentences; none when it does not. Memory is judged by its lowest figure in the last quarter of
 * the run against that in the second: the first makes what is made once. `end` is when everything has been let go of.
 */
export function leaksOf(samples: readonly Sample[], start: Footprint, end: Footprint): readonly string[] {
  const leaks = Object.entries(growthOf(start, end)).map(
    ([kind, count]) => `It holds ${count} ${kind} more at the end than at the start.`,
  );
  if (samples.length < FEWEST_SAMPLES) return leaks;
  const quarter = Math.floor(samples.length / 4);
  const lowest = (part: readonly Sample[]): number => Math.min(...part.map(({ megabytes }) => megabytes));
  const early = lowest(samples.slice(quarter, 2 * quarter));
  const late = lowest(samples.slice(-quarter));
  if (late > early * MOST_GROWTH + MOST_GROWTH_MB) leaks.push(`Its memory went from ${early} to ${late} MB.`);
  return leaks;
}
