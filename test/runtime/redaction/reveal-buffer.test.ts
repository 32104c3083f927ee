import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRevealBuffer, type RevealBufferOptions } from '../../../src/runtime/redaction/reveal-buffer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function bufferWith(options: Partial<RevealBufferOptions> = {}) {
  const told: boolean[] = [];
  const buffer = createRevealBuffer({ ...options, onChange: () => told.push(buffer.isOn) });
  return { buffer, told };
}

describe('the buffer of what was hidden', () => {
  it('is off to begin with, and keeps nothing while it is off', () => {
    const { buffer, told } = bufferWith();
    buffer.keep('a', 'secret');
    expect(buffer.get('a')).toBeNull();
    buffer.turnOn();
    expect(buffer.get('a')).toBeNull();
    buffer.keep('a', 'secret');
    expect(buffer.get('a')).toBe('secret');
    expect(told).toEqual([true]);
  });

  it('forgets everything when it is turned off, and says so once', () => {
    const { buffer, told } = bufferWith();
    buffer.turnOn();
    buffer.keep('a', 'secret');
    buffer.turnOff();
    buffer.turnOff();
    expect(buffer.since).toBeNull();
    buffer.turnOn();
    expect(buffer.get('a')).toBeNull();
    expect(told).toEqual([true, false, true]);
  });

  it('turns itself off when nobody asked for a while', () => {
    const { buffer, told } = bufferWith({ idleMillis: 1_000 });
    buffer.turnOn();
    buffer.keep('a', 'secret');
    vi.advanceTimersByTime(900);
    expect(buffer.get('a')).toBe('secret');
    vi.advanceTimersByTime(900);
    expect(buffer.isOn).toBe(true);
    // What is hidden meanwhile is no use.
    buffer.keep('b', 'other');
    vi.advanceTimersByTime(100);
    expect(buffer.get('a')).toBeNull();
    expect(told).toEqual([true, false]);
  });

  it('lets the oldest go and counts them when there are too many, or they are too long', () => {
    const { buffer } = bufferWith({ maxSecrets: 3, maxLength: 20 });
    buffer.turnOn();
    for (const name of ['a', 'b', 'c', 'a', 'd']) buffer.keep(name, `${name}${name}${name}`);
    expect(['a', 'b', 'c', 'd'].map(buffer.get)).toEqual(['aaa', null, 'ccc', 'ddd']);
    expect(buffer.dropped).toBe(1);
    buffer.keep('e', 'x'.repeat(18));
    expect(['a', 'c', 'd', 'e'].map(buffer.get)).toEqual([null, null, null, 'x'.repeat(18)]);
    buffer.keep('f', 'x'.repeat(100));
    expect(buffer.get('f')).toBeNull();
    expect(buffer.dropped).toBe(6);
  });
});
