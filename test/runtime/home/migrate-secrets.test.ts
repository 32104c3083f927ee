import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppHome } from '../../../src/runtime/app-home.ts';
import { readHomeConfig } from '../../../src/runtime/config/load-config.ts';
import { openApprovals, type Approvals } from '../../../src/runtime/home/approvals.ts';
import { createConfigFile, type ConfigFile } from '../../../src/runtime/home/config-file.ts';
import { migrateSecrets } from '../../../src/runtime/home/migrate-secrets.ts';
import { openFileVault } from '../../../src/runtime/secrets/file-vault.ts';
import type { SecretVault } from '../../../src/runtime/secrets/secret-vault.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

const LOCAL = 'local' as ServerId;
const REMOTE = 'remote' as ServerId;

/** What the first version of the app left behind: secrets in the config file, and an approval of it as it stands. */
const OLD_CONFIG = `{
  // mine
  "mcpServers": {
    "local": {"command": "node", "args": [], "env": {"API_KEY": "sentinel-one-4711", "LEVEL": "info", "B": "\${B}"}},
    "remote": {"type": "http", "url": "https://x.example/mcp", "headers": {"Authorization": "Bearer sentinel-two-4711"}},
    "byHand": {"command": "node", "env": {"API_KEY": "sentinel-three-4711"}},
  },
}
`;
/** With keys in order, as the app digests an entry. */
const AGREED = {
  local: '{"args":[],"command":"node","env":{"API_KEY":"sentinel-one-4711","B":"${B}","LEVEL":"info"}}',
  remote: '{"headers":{"Authorization":"Bearer sentinel-two-4711"},"type":"http","url":"https://x.example/mcp"}',
};

const ENVIRONMENT = { B: 'b' };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-migration-'));
  await writeFile(join(directory, 'config.json'), OLD_CONFIG);
  const digests = Object.entries(AGREED).map(([id, text]) => [id, createHash('sha256').update(text).digest('hex')]);
  await writeFile(join(directory, 'approvals.json'), JSON.stringify(Object.fromEntries(digests)));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const textOf = (file: string): Promise<string> => readFile(join(directory, file), 'utf8');

describe("secrets in an earlier version's config file", () => {
  it('move to where secrets are kept, and nothing is asked again', async () => {
    const { config, notices } = await openAppHome(directory, ENVIRONMENT);
    expect(config.servers.get(LOCAL)).toMatchObject({
      resolved: { env: { API_KEY: 'sentinel-one-4711', LEVEL: 'info', B: 'b' } },
    });
    expect(config.servers.get(REMOTE)).toMatchObject({
      resolved: { headers: { Authorization: 'Bearer sentinel-two-4711' } },
    });
    const text = await textOf('config.json');
    expect(text).not.toMatch(/sentinel-(?:one|two)/);
    expect(text).toContain('// mine');
    expect(text).toContain('"LEVEL": "info", "B": "${B}"');
    expect(notices).toHaveLength(2);
    expect(notices.join()).not.toContain('sentinel');
  });

  it('are left in an entry that somebody wrote by hand and nobody has agreed to', async () => {
    const { config } = await openAppHome(directory, ENVIRONMENT);
    expect(await textOf('config.json')).toContain('sentinel-three-4711');
    expect(config.servers.get('byHand' as ServerId)).toHaveProperty('problem');
  });

  it('move once: the next start finds nothing to do', async () => {
    await openAppHome(directory, ENVIRONMENT);
    const files = ['config.json', 'approvals.json', 'secrets.json'];
    const before = await Promise.all(files.map(textOf));
    expect((await openAppHome(directory, ENVIRONMENT)).notices).toEqual([]);
    expect(await Promise.all(files.map(textOf))).toEqual(before);
  });
});

describe('a crash while secrets move', () => {
  /** Steps 1 to 4 of a server; the fifth belongs to the next server. */
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('before step %i loses nothing and has nothing asked again', async (crashAt) => {
    let step = 0;
    const orCrash = <T>(action: () => Promise<T>): Promise<T> => {
      step += 1;
      return step >= crashAt ? Promise.reject(new Error('crash')) : action();
    };
    const file = createConfigFile(join(directory, 'config.json'));
    const approvals = await openApprovals(join(directory, 'approvals.json'));
    const vault = await openFileVault(join(directory, 'secrets.json'), null);
    const parts = {
      file: { ...file, edit: (changes) => orCrash(() => file.edit(changes)) } satisfies ConfigFile,
      approvals: { ...approvals, set: (id, all) => orCrash(() => approvals.set(id, all)) } satisfies Approvals,
      vault: { ...vault, change: (change) => orCrash(() => vault.change(change)) } satisfies SecretVault,
    };
    const sources = { environment: ENVIRONMENT, secrets: vault };
    const { config: before } = readHomeConfig(file.path, await file.read(), sources);
    await expect(migrateSecrets(parts, before)).rejects.toThrow('crash');

    const { config } = await openAppHome(directory, ENVIRONMENT);
    for (const id of [LOCAL, REMOTE]) {
      const server = config.servers.get(id);
      expect(server).toHaveProperty('resolved');
      expect(server).toMatchObject({ resolved: (before.servers.get(id) as { resolved: object }).resolved });
    }
    expect(await textOf('config.json')).not.toMatch(/sentinel-(?:one|two)/);
  });
});
