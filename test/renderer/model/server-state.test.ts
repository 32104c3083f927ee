import { describe, expect, it } from 'vitest';
import { canStop, startWord, stateWords } from '../../../renderer/model/server-state.ts';

describe('the state of a server in words', () => {
  it('counts down to the next start, and never below nothing', () => {
    const words = (retryAt: number | null) => stateWords({ state: 'restarting', retryAt }, 10_000);
    expect(words(14_000)).toBe('Restarting in 4 s');
    expect(words(10_001)).toBe('Restarting in 1 s');
    expect(words(10_000)).toBe('Restarting…');
    expect(words(null)).toBe('Restarting…');
  });

  it('tells one that sleeps from one that was stopped', () => {
    expect(stateWords({ state: 'idle', retryAt: null }, 0)).toBe('Asleep: wakes with the next call');
    expect(stateWords({ state: 'stopped', retryAt: null }, 0)).toBe('Stopped');
  });

  it('says what starting it is, where there is something to start', () => {
    expect((['stopped', 'idle', 'failed', 'restarting', 'connected', 'connecting'] as const).map(startWord)).toEqual([
      'Start',
      'Start',
      'Try again',
      'Start now',
      null,
      null,
    ]);
    expect(canStop('stopped')).toBe(false);
    expect(canStop('restarting')).toBe(true);
  });
});
