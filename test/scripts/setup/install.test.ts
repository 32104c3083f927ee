import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../../scripts/setup/install.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/only-elsewhere': { version: '3.0.0', optional: true },
  },
};

function installed(changes: Record<string, string | null> = {}) {
  const packages: Record<string, { version?: string }> = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
  };
  for (const [path, version] of Object.entries(changes)) packages[path] = version === null ? {} : { version };
  return { packages };
}

describe('whether the packages are installed', () => {
  it('they are when each has the version of the lock file, the optional ones of other systems aside', () => {
    expect(isInstalled(wanted, installed())).toBe(true);
    expect(isInstalled(wanted, installed({ 'node_modules/extra': '9.0.0' }))).toBe(true);
  });

  it('they are not when one is missing or has another version', () => {
    expect(isInstalled(wanted, installed({ 'node_modules/a': '1.0.1' }))).toBe(false);
    expect(isInstalled(wanted, installed({ 'node_modules/a/node_modules/b': null }))).toBe(false);
    expect(isInstalled(wanted, { packages: {} })).toBe(false);
  });

  it('they are not when npm has left no record', () => {
    expect(isInstalled(wanted, null)).toBe(false);
  });
});
