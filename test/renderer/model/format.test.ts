import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRunning,
  formatTick,
  plural,
} from '../../../renderer/model/format.ts';

describe('durations', () => {
  it('keep three digits and one unit below a minute', () => {
    expect([0.004, 0.48, 3.42, 41.84, 213.9, 999.4, 1_204, 59_900].map(formatDuration)).toEqual([
      '4 µs',
      '0.48 ms',
      '3.4 ms',
      '41.8 ms',
      '214 ms',
      '999 ms',
      '1.2 s',
      '59.9 s',
    ]);
  });

  it('use two units from a minute on', () => {
    expect(formatDuration(125_000)).toBe('2 m 05 s');
    expect(formatDuration(3_780_000)).toBe('1 h 03 m');
  });

  it('of nothing, of less than nothing and of no number are 0', () => {
    expect([0, -3, Number.NaN].map(formatDuration)).toEqual(['0 ms', '0 ms', '0 ms']);
  });

  it('that still grow are coarser, so that they do not flicker', () => {
    expect([12.7, 999.9, 4_812, 61_000].map(formatRunning)).toEqual(['12 ms', '999 ms', '4.8 s', '1 m 01 s']);
  });
});

describe('other quantities', () => {
  it('are counted and measured as people write them', () => {
    expect(formatCount(10_000)).toBe('10,000');
    expect(plural(1, 'span')).toBe('1 span');
    expect(plural(2_000, 'trace')).toBe('2,000 traces');
    expect([12, 1_434, 104_858, 5_662_310].map(formatBytes)).toEqual(['12 B', '1.4 KB', '102 KB', '5.4 MB']);
  });

  it('on an axis share the unit of the axis', () => {
    expect([0, 50, 100].map((tick) => formatTick(tick, 214))).toEqual(['0', '50 ms', '100 ms']);
    expect([500, 1_000].map((tick) => formatTick(tick, 2_000))).toEqual(['0.5 s', '1 s']);
    expect(formatTick(0.25, 0.9)).toBe('250 µs');
  });
});
