import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appDirectory } from '../../src/desktop/app-dir.ts';

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
