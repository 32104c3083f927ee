import { FIGURES, pairedRows, roundsOf, THROUGHPUT } from './paired-rows.ts';
import type { Samples } from './rounds.ts';
import { median } from './statistics.ts';
import { table } from './table.ts';
import type { TracingWay } from './tracing-ways.ts';

/** Of the calls that get through without tracing, at least this share get through with it (R87). */
const LEAST_THROUGHPUT_RATIO = 0.9;

/** What tracing costs: the figures without it, and those with it as ratios to them within each round. */
export function tracingReport(samples: Samples<TracingWay>): string[] {
  const rows = pairedRows(samples, {
    baseOf: ({ upstream, server }) =>
      [...samples.keys()].find((other) => other.upstream === upstream && other.server === server && !other.records),
    isMet: (ratiosOf) => median(ratiosOf(THROUGHPUT)) >= LEAST_THROUGHPUT_RATIO,
  });
  return [
    `Tracing on and off, ${roundsOf(samples)} rounds: without it the figures, with it their ratios to them within a round. Medians, half of the rounds in brackets.`,
    '',
    ...table(['way', ...FIGURES.map(({ title }) => title), `calls/s >= ${LEAST_THROUGHPUT_RATIO.toFixed(2)} x`], rows),
  ];
}
