import type { EraWay } from './era-ways.ts';
import { CPU, FIGURES, pairedRows, roundsOf } from './paired-rows.ts';
import type { Samples } from './rounds.ts';
import { median } from './statistics.ts';
import { table } from './table.ts';

/** More than this much processor time, against legacy only, is a loss. */
const MOST_CPU_RATIO = 1.1;

/** What the newer era costs: the figures of legacy only, and those of the others as ratios to it within each round. */
export function eraReport(samples: Samples<EraWay>): string[] {
  const rows = pairedRows(samples, {
    baseOf: (way) => [...samples.keys()].find((other) => other.upstream === way.upstream && isLegacyOnly(other)),
    isMet: (ratiosOf) => median(ratiosOf(CPU)) <= MOST_CPU_RATIO,
  });
  return [
    `Between the eras, ${roundsOf(samples)} short rounds: of legacy only the figures, of the others their ratios to it within a round. Medians, half of the rounds in brackets.`,
    '',
    ...table(['eras', ...FIGURES.map(({ title }) => title), `CPU <= ${MOST_CPU_RATIO.toFixed(2)} x`], rows),
  ];
}

function isLegacyOnly({ client, server }: EraWay): boolean {
  return client === 'legacy' && server === 'legacy';
}
