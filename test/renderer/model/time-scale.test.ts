import { describe, expect, it } from 'vitest';
import { axisTicks, durationFill, growDomain, indentOf, placeBar } from '../../../renderer/model/time-scale.ts';

describe('the time axis', () => {
  it('has round marks from 0 on and none at its end', () => {
    expect(axisTicks(214, 4)).toEqual([0, 100, 200]);
    expect(axisTicks(100, 4)).toEqual([0, 25, 50, 75]);
  });

  it('of an instant still has a mark', () => {
    expect(axisTicks(0, 4)[0]).toBe(0);
  });

  it('keeps its end until what runs reaches it, then leaps ahead', () => {
    expect(growDomain(100, 80)).toBe(100);
    const leapt = growDomain(100, 101);
    expect(leapt).toBeGreaterThan(130);
    expect(growDomain(leapt, leapt - 1)).toBe(leapt);
  });

  it('keeps bars inside itself whatever their times say', () => {
    expect(placeBar(50, 150, 100)).toEqual({ left: 0.5, width: 0.5 });
    expect(placeBar(-20, 10, 100)).toEqual({ left: 0, width: 0.1 });
    expect(placeBar(40, 30, 100).width).toBe(0);
  });
});

describe('small bars in the list', () => {
  it('grow with the duration on a fixed scale', () => {
    const fills = [0.1, 5, 500, 5_000, 600_000].map(durationFill);
    expect(fills).toEqual([...fills].sort((left, right) => left - right));
    expect(fills.at(-1)).toBe(1);
  });
});

describe('indentation', () => {
  it('never takes more than its share of the column, so that names stay', () => {
    expect(indentOf(3, 300)).toBe(42);
    expect(indentOf(7, 300) - indentOf(6, 300)).toBeLessThan(indentOf(6, 300) - indentOf(5, 300));
    expect(indentOf(10_000, 300)).toBe(135);
  });
});
