import type { Sample, Samples } from './rounds.ts';
import { quartilesOf } from './statistics.ts';
import { shown } from './table.ts';
import type { Way } from './ways.ts';

/** One column of a table that holds ways against each other. */
export interface Figure {
  readonly title: string;
  readonly digits: number;
  of(sample: Sample): number;
}

export const CPU: Figure = { title: 'CPU ms/call', digits: 3, of: ({ cpuMsPerCall }) => cpuMsPerCall ?? NaN };
export const THROUGHPUT: Figure = { title: 'calls/s', digits: 0, of: ({ callsPerSecond }) => callsPerSecond };

export const FIGURES: readonly Figure[] = [
  CPU,
  { title: 'p50 ms', digits: 3, of: ({ p50Ms }) => p50Ms },
  { title: 'p99 ms', digits: 2, of: ({ p99Ms }) => p99Ms },
  THROUGHPUT,
];

export interface Pairing<W extends Way> {
  /** What a way is held against; itself or undefined for one that others are held against. */
  readonly baseOf: (way: W) => W | undefined;
  readonly isMet: (ratiosOf: (figure: Figure) => readonly number[], way: W) => boolean;
}

/**
 * A row for each way: its figures where it is a base, else their ratios to its base within each round and whether the
 * goal is met. Medians; between the brackets is half of the rounds.
 */
export function pairedRows<W extends Way>(samples: Samples<W>, { baseOf, isMet }: Pairing<W>): string[][] {
  return [...samples].map(([way, own]) => {
    const base = baseOf(way);
    const title = `${way.upstream}: ${way.name}`;
    if (base === undefined || base === way)
      return [title, ...FIGURES.map(({ of, digits }) => shown(quartilesOf(own.map(of)), digits)), '-'];
    const ratiosOf = ({ of }: Figure): readonly number[] => ratios(own, samples.get(base) ?? [], of);
    const cells = FIGURES.map((figure) => `${shown(quartilesOf(ratiosOf(figure)), 2)} x`);
    return [title, ...cells, isMet(ratiosOf, way) ? 'met' : 'missed'];
  });
}

export function roundsOf<W extends Way>(samples: Samples<W>): number {
  return Math.max(0, ...[...samples.values()].map(({ length }) => length));
}

function ratios(own: readonly Sample[], bases: readonly Sample[], of: Figure['of']): readonly number[] {
  return own.flatMap((sample, round) => {
    const other = bases[round];
    return other === undefined ? [] : [of(sample) / of(other)];
  });
}
