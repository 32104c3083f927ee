import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemProtection } from '../../../src/desktop/secret-cipher.ts';
import { openFileVault } from '../../../src/runtime/secrets/file-vault.ts';
import { secretKey } from '../../../src/runtime/secrets/secret-reference.ts';
import type { SecretCipher } from '../../../src/runtime/secrets/secret-vault.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { safeStorageDouble } from '../../support/electron/parts.ts';

const KEY = secretKey('notes' as ServerId, 'headers', 'Authorization');
const OTHER = secretKey('notes' as ServerId, 'env', 'API_KEY');
const SECRET = 'Bearer 6f1c0e5d-sentinel';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-vault-'));
  file = join(directory, 'secrets.json');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function cipher(keyNumber = 1): Promise<SecretCipher> {
  const protection = await systemProtection(safeStorageDouble({ ready: true }, { keyNumber }), 'linux');
  if (protection.cipher === null) throw new Error('No cipher.');
  return protection.cipher;
}

const text = (): Promise<string> => readFile(file, 'utf8');

describe('secrets in a file', () => {
  it('are there after a restart, in a file for this user only', async () => {
    const vault = await openFileVault(file, null);
    await vault.change({ put: new Map([[KEY, SECRET]]) });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const next = await openFileVault(file, null);
    expect(next.get(KEY)).toEqual({ value: SECRET });
    expect(next.get(OTHER)).toBe('missing');
    expect(next.storage).toEqual({ kind: 'file', file });
  });

  it('leave no trace in it once removed', async () => {
    const vault = await openFileVault(file, null);
    await vault.change({ put: new Map([[KEY, SECRET]]) });
    await vault.change({ remove: [KEY] });
    expect(await text()).not.toContain('sentinel');
    expect(vault.get(KEY)).toBe('missing');
    expect(vault.keys()).toEqual([]);
  });

  it('are not lost when two processes use the file', async () => {
    const one = await openFileVault(file, null);
    const other = await openFileVault(file, null);
    await one.change({ put: new Map([[KEY, SECRET]]) });
    await other.change({ put: new Map([[OTHER, 'new']]) });
    expect(other.get(KEY)).toEqual({ value: SECRET });
    const next = await openFileVault(file, null);
    expect(next.keys()).toEqual([KEY, OTHER]);
  });

  it('stay as they were when the file cannot be written', async () => {
    const vault = await openFileVault(join(directory, 'no-such-folder', 'secrets.json'), null);
    await expect(vault.change({ put: new Map([[KEY, SECRET]]) })).rejects.toThrow('ENOENT');
    expect(vault.get(KEY)).toBe('missing');
    expect(vault.keys()).toEqual([]);
  });

  it.each(['{"notes/headers/A": ', '[]', '{"notes/headers/A": "as text"}'])(
    'are not lost over a damaged file: %s',
    async (damaged) => {
      await writeFile(file, damaged);
      await expect(openFileVault(file, null)).rejects.toThrow(`The secrets in ${file} cannot be read. Mend the file`);
      expect(await text()).toBe(damaged);
    },
  );
});

describe('secrets behind a key of the system', () => {
  it('cannot be read in the file', async () => {
    const vault = await openFileVault(file, await cipher());
    await vault.change({ put: new Map([[KEY, SECRET]]) });
    expect(vault.storage).toEqual({ kind: 'keychain', file });
    const written = await text();
    expect(written).not.toContain('sentinel');
    const { sealed } = (JSON.parse(written) as Record<string, { sealed: string }>)[KEY] ?? { sealed: '' };
    expect(Buffer.from(sealed, 'base64').toString()).not.toContain('sentinel');
    expect((await openFileVault(file, await cipher())).get(KEY)).toEqual({ value: SECRET });
  });

  it('are encrypted at once when they were kept in clear before', async () => {
    await (await openFileVault(file, null)).change({ put: new Map([[KEY, SECRET]]) });
    expect(await text()).toContain('sentinel');
    const vault = await openFileVault(file, await cipher());
    expect(vault.get(KEY)).toEqual({ value: SECRET });
    expect(await text()).not.toContain('sentinel');
  });

  it('are encrypted again when the system has a newer key', async () => {
    await (await openFileVault(file, await cipher(1))).change({ put: new Map([[KEY, SECRET]]) });
    const before = await text();
    expect((await openFileVault(file, await cipher(2))).get(KEY)).toEqual({ value: SECRET });
    expect(await text()).not.toBe(before);
  });

  it.each([
    ['without any key', () => Promise.resolve(null)],
    ['with an older key', () => cipher(1)],
  ])('are neither read nor lost by a host %s', async (_what, otherCipher) => {
    await (await openFileVault(file, await cipher(2))).change({ put: new Map([[KEY, SECRET]]) });
    const elsewhere = await openFileVault(file, await otherCipher());
    expect(elsewhere.get(KEY)).toBe('unreadable');
    await elsewhere.change({ put: new Map([[OTHER, 'new']]) });
    const again = await openFileVault(file, await cipher(2));
    expect(again.get(KEY)).toEqual({ value: SECRET });
    expect(again.get(OTHER)).toEqual({ value: 'new' });
  });
});
