import { describe, expect, it } from 'vitest';
import { secretFrom } from '../../../src/runtime/http/secrets.ts';

describe('a secret', () => {
  it('never begins with a dash, which command lines take for an option', () => {
    const draws = [Buffer.from([0xfb, 0xff, 0xff]), Buffer.from([0xf8, 0, 0]), Buffer.from([0, 0xff, 0xff])];
    expect(secretFrom(() => draws.shift() ?? Buffer.from([1]))).toBe('AP__');
    expect(draws).toEqual([]);
  });
});
