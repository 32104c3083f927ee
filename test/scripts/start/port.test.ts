import { describe, expect, it } from 'vitest';
import { chosenPort } from '../../../scripts/start/port.mjs';

describe('the port of npm start', () => {
  it('is the usual one unless chosen, by argument before environment', () => {
    expect(chosenPort([], {})).toBeNull();
    expect(chosenPort([], { THROUGHLINE_PORT: '' })).toBeNull();
    expect(chosenPort([], { THROUGHLINE_PORT: '5000' })).toBe('5000');
    expect(chosenPort(['--port', '0'], { THROUGHLINE_PORT: '5000' })).toBe('0');
    expect(chosenPort(['--port=65535'], {})).toBe('65535');
  });

  it.each(['65536', '-1', 'x', '1e3', '4820 '])('%j is no port', (port) => {
    expect(() => chosenPort([`--port=${port}`], {})).toThrow(/^Give --port .* a number from 0 to 65535/);
  });

  it.each([['--prot', '1'], ['serve'], ['--port']])('%j is not understood', (...args) => {
    expect(() => chosenPort(args, {})).toThrow(/^Use "npm start"/);
  });
});
