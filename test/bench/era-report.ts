import type { EraWay } from './era-ways.ts';
import type { Sample, Samples } from './rounds.ts';
import { median, quartilesOf } from './statistics.ts';
import { shown, table } from './table.ts';

/** More than this much processor time, against legacy only, is a loss. */
const MOST_CPU_RATIO = 1.1;

interface Figure {
  readonly title: string;
  readonly digits: number;
  of(sample: Sample): number;
}

const CPU: Figure = { title: 'CPU ms/call', digits: 3, of: ({ cpuMsPerCall }) => cpuMsPerCall ?? NaN };

const FIGURES: readonly Figure[] = [
  CPU,
  { title: 'p50 ms', digits: 3, of: ({ p50Ms }) => p50Ms },
  { title: 'p99 ms', digits: 2, of: ({ p99Ms }) => p99Ms },
  { title: 'calls/s', digits: 0, of: ({ callsPerSecond }) => callsPerSecond },
];

/**
 * What the newer era costs: the figures of legacy only, and those of the others as ratios to it within each round.
 * Medians; between the brackets is half of the rounds.
 */
export function eraReport(samples: Samples<EraWay>): string[] {
  const rows = [...samples.keys()].map((way) => {
    const base = [...samples.keys()].find((other) => other.upstream === way.upstream && isLegacyOnly(other));
    const title = `${way.upstream}: ${way.name}`;
    if (base === undefined || base === way) {
      const own = FIGURES.map(({ of, digits }) => shown(quartilesOf((samples.get(way) ?? []).map(of)), digits));
      return [title, ...own, '-'];
    }
    const ratios = (of: Figure['of']): readonly number[] => ratiosOf(samples, way, base, of);
    const isMet = median(ratios(CPU.of)) <= MOST_CPU_RATIO;
    return [title, ...FIGURES.map(({ of }) => `${shown(quartilesOf(ratios(of)), 2)} x`), isMet ? 'met' : 'missed'];
  });
  const rounds = Math.max(0, ...[...samples.values()].map(({ length }) => length));
  return [
    `Between the eras, ${rounds} short rounds: of legacy only the figures, of the others their ratios to it within a round. Medians, half of the rounds in brackets.`,
    '',
    ...table(['eras', ...FIGURES.map(({ title }) => title), `CPU <= ${MOST_CPU_RATIO.toFixed(2)} x`], rows),
  ];
}

function isLegacyOnly({ client, server }: EraWay): boolean {
  return client === 'legacy' && server === 'legacy';
}

function ratiosOf(samples: Samples<EraWay>, way: EraWay, base: EraWay, of: Figure['of']): readonly number[] {
  const bases = samples.get(base) ?? [];
  return (samples.get(way) ?? []).flatMap((sample, round) => {
    const other = bases[round];
    return other === undefined ? [] : [of(sample) / of(other)];
  });
}
