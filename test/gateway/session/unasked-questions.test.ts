import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnaskedQuestions, type UnaskedQuestion } from '../../../src/gateway/session/unasked-questions.ts';

describe('questions for a client that has opened no stream yet', () => {
  const told: string[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    told.length = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function question(name: string): UnaskedQuestion {
    return { ask: () => void told.push(`asked ${name}`), refuse: () => void told.push(`refused ${name}`) };
  }

  it('are asked once it has, in their order and once', () => {
    const unasked = new UnaskedQuestions(1_000);
    unasked.add(question('a'));
    unasked.add(question('b'));
    expect(told).toEqual([]);
    unasked.askAll();
    unasked.askAll();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(['asked a', 'asked b']);
  });

  it('are refused when it opens none for a while, and when its session ends', () => {
    const unasked = new UnaskedQuestions(1_000);
    unasked.add(question('a'));
    vi.advanceTimersByTime(999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['refused a']);
    unasked.add(question('b'));
    unasked.refuseAll();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(['refused a', 'refused b']);
  });

  it('are refused at once when too many wait', () => {
    const unasked = new UnaskedQuestions(1_000);
    for (let number = 1; number <= 33; number += 1) unasked.add(question(String(number)));
    expect(told).toEqual(['refused 33']);
    unasked.refuseAll();
    expect(told).toHaveLength(33);
  });
});
