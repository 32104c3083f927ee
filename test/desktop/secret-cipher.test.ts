import { describe, expect, it } from 'vitest';
import { systemProtection } from '../../src/desktop/secret-cipher.ts';
import { safeStorageDouble, type SafeStorageOptions } from '../support/electron/parts.ts';

const ready = { ready: true };

function protection(options: SafeStorageOptions = {}, platform: NodeJS.Platform = 'linux') {
  return systemProtection(safeStorageDouble(ready, options), platform);
}

describe('the protection the system gives secrets', () => {
  it.each(['gnome_libsecret', 'kwallet6'] as const)('is used with %s, and nothing is said', async (backend) => {
    const { cipher, warning } = await protection({ backend });
    expect(warning).toBeNull();
    const sealed = await cipher?.seal('hunter2hunter2');
    expect(Buffer.from(sealed ?? []).toString()).not.toContain('hunter2');
    expect(await cipher?.open(sealed ?? new Uint8Array())).toEqual({ text: 'hunter2hunter2', isStale: false });
  });

  it.each(['basic_text', 'unknown'] as const)(
    'is refused with %s, which hides nothing, and said so',
    async (backend) => {
      const { cipher, warning } = await protection({ backend });
      expect(cipher).toBeNull();
      expect(warning).toMatch(/NOT encrypted: .*keyring.* start again\.$/);
    },
  );

  it('is refused when the keychain is locked or missing, and said so', async () => {
    const { cipher, warning } = await protection({ isAvailable: false }, 'darwin');
    expect(cipher).toBeNull();
    expect(warning).toMatch(/NOT encrypted: .*keychain is not available/);
  });

  it('does not ask for a Linux keyring elsewhere', async () => {
    expect((await protection({ backend: 'basic_text' }, 'win32')).cipher).not.toBeNull();
  });

  it('says which secrets are to be encrypted again with a newer key', async () => {
    const before = await protection({ keyNumber: 1 });
    const sealed = await before.cipher?.seal('text');
    const after = await protection({ keyNumber: 2 });
    expect(await after.cipher?.open(sealed ?? new Uint8Array())).toEqual({ text: 'text', isStale: true });
  });
});
