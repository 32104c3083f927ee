import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appDirectory, appPort } from '../../src/runtime/app-location.ts';

describe("the app's own folder", () => {
  it('is below XDG_CONFIG_HOME when that is an absolute path', () => {
    expect(appDirectory({ XDG_CONFIG_HOME: '/srv/config' })).toBe('/srv/config/throughline');
  });

  it('is below ~/.config otherwise', () => {
    const expected = join(homedir(), '.config', 'throughline');
    expect(appDirectory({})).toBe(expected);
    expect(appDirectory({ XDG_CONFIG_HOME: '' })).toBe(expected);
    expect(appDirectory({ XDG_CONFIG_HOME: 'relative' })).toBe(expected);
  });
});

describe("the app's port", () => {
  it('is 4820 unless THROUGHLINE_PORT says another', () => {
    expect(appPort({})).toBe(4820);
    expect(appPort({ THROUGHLINE_PORT: '' })).toBe(4820);
    expect(appPort({ THROUGHLINE_PORT: '0' })).toBe(0);
    expect(appPort({ THROUGHLINE_PORT: '65535' })).toBe(65_535);
  });

  it.each(['x', '-1', '65536', '1.5'])('is refused when it is %s', (port) => {
    expect(() => appPort({ THROUGHLINE_PORT: port })).toThrow('Set THROUGHLINE_PORT to a number from 0 to 65535');
  });
});
