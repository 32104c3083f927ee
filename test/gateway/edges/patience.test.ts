import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Patience } from '../../../src/gateway/edges/patience.ts';

describe('patience', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells who has waited for one to two periods, once', () => {
    const patience = new Patience(1_000);
    const late: string[] = [];
    const waiter = (name: string) => ({ onLate: () => late.push(name) });
    patience.add(waiter('first'));
    vi.advanceTimersByTime(600);
    patience.add(waiter('second'));
    vi.advanceTimersByTime(600);
    patience.add(waiter('third'));
    vi.advanceTimersByTime(700);
    expect(late).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(late).toEqual(['first', 'second']);
    vi.advanceTimersByTime(10_000);
    expect(late).toEqual(['first', 'second', 'third']);
  });

  it('tells nobody who stopped waiting, however old, and runs no timer while nobody waits', () => {
    const patience = new Patience(1_000);
    const late: string[] = [];
    const [young, old] = ['young', 'old'].map((name) => ({ onLate: () => late.push(name) }));
    if (young === undefined || old === undefined) throw new Error('Two were made.');
    patience.add(old);
    vi.advanceTimersByTime(1_000);
    patience.add(young);
    patience.delete(old);
    patience.delete(young);
    vi.advanceTimersByTime(5_000);
    expect(late).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    patience.add(old);
    expect(vi.getTimerCount()).toBe(1);
    patience.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
