import { describe, expect, it } from 'vitest';
import type { Footprint } from '../support/footprint.ts';
import { leaksOf, type Sample } from './verdict.ts';

const START: Footprint = { sockets: 10, pipes: 2, files: 5, others: 8, children: 3, threads: 12 };

function samples(...megabytes: readonly number[]): readonly Sample[] {
  return megabytes.map((each, index) => ({ seconds: index, calls: index, megabytes: each, footprint: START }));
}

describe('a long run', () => {
  it('shows no leak when memory goes up and down', () => {
    expect(leaksOf(samples(80, 150, 120, 170, 110, 190, 125, 160, 118, 175, 121, 140), START, START)).toEqual([]);
  });

  it('shows no leak when memory rises in the beginning only', () => {
    expect(leaksOf(samples(60, 80, 100, 110, 111, 112, 110, 113, 112, 110, 111, 112), START, START)).toEqual([]);
  });

  it('shows a leak when even the lowest figures rise', () => {
    const rising = samples(80, 120, 100, 140, 120, 160, 140, 180, 160, 200, 180, 220);
    expect(leaksOf(rising, START, START)).toEqual(['Its memory went from 120 to 180 MB.']);
  });

  it('shows a leak of anything that is left at the end', () => {
    expect(leaksOf([], START, { ...START, children: 4, sockets: 13, files: 4 })).toEqual([
      'It holds 3 sockets more at the end than at the start.',
      'It holds 1 children more at the end than at the start.',
    ]);
  });
});
