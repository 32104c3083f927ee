import { describe, expect, it } from 'vitest';
import { masked } from '../masked.ts';

describe('flags of a command line', () => {
  it.each([
    ['node s.js --api-key S --port 80', 'node s.js --api-key ••• --port 80'],
    ['node s.js --password "two S words" -v', 'node s.js --password "•••" -v'],
    ['node s.js --token=S --port 80', 'node s.js --token=••• --port 80'],
    ["x --secret 'S'", "x --secret '•••'"],
  ])('hide the secret in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'node s.js --port 80 --name S',
    'node s.js --token --verbose',
    'pass --token to the server',
    'usage: x --token <token>',
    'usage: x --token TOKEN',
    'x --max-tokens 100',
    'a -- b',
    'x --token',
  ])('leave %j as it is', (text) => {
    expect(masked(text)).toBe(text);
  });
});
