import type { SecretKey } from './secret-reference.ts';
import type { SecretVault } from './secret-vault.ts';

/** Keeps secrets until this process ends; for gateways that have no folder of their own. */
export function createMemoryVault(): SecretVault {
  const secrets = new Map<SecretKey, string>();
  return {
    storage: { kind: 'run', file: null },
    get(key) {
      const value = secrets.get(key);
      return value === undefined ? 'missing' : { value };
    },
    keys: () => [...secrets.keys()],
    change({ put = new Map<SecretKey, string>(), remove = [] }) {
      for (const key of remove) secrets.delete(key);
      for (const [key, value] of put) secrets.set(key, value);
      return Promise.resolve();
    },
  };
}
