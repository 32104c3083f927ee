import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppHome, type AppHome } from '../../../src/runtime/app-home.ts';
import { referenceTo, ruleSecretKey, secretKey } from '../../../src/runtime/secrets/secret-reference.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { HttpServerConfig, StdioServerConfig } from '../../../src/shared/domain/server.ts';
import type { VirtualServerConfig } from '../../../src/shared/domain/virtual-server.ts';

const ID = 'search' as ServerId;
const KEY = secretKey(ID, 'headers', 'Authorization');
const OTHER_KEY = secretKey(ID, 'headers', 'X-Key');
const SERVER: HttpServerConfig = {
  type: 'http',
  url: 'https://search.example/mcp',
  headers: { Authorization: referenceTo(KEY), 'X-Key': referenceTo(OTHER_KEY) },
};
const SECRETS = new Map([
  [KEY, 'Bearer one'],
  [OTHER_KEY, 'two'],
]);
const PLAIN: StdioServerConfig = { type: 'stdio', command: 'node', args: [], env: {}, cwd: null };

let directory: string;
let home: AppHome;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-shelf-'));
  home = await openAppHome(directory, {});
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const at = (file: string): string => join(directory, file);
const textOf = (file: string): Promise<string> => readFile(at(file), 'utf8');

describe('keeping a server', () => {
  it("leaves the user's comments and other entries in the file", async () => {
    await writeFile(at('config.json'), '{\n  // mine\n  "mcpServers": { "kept": { "command": "node" } }\n}\n');
    await home.shelf.save(ID, SERVER, SECRETS);
    await home.shelf.remove(ID);
    const text = await textOf('config.json');
    expect(text).toContain('// mine');
    expect(text).toContain('"kept"');
    expect(text).not.toContain('search');
  });

  it('sees what was written into the file by hand since it was read', async () => {
    await home.shelf.save(ID, SERVER, SECRETS);
    const text = await textOf('config.json');
    await writeFile(
      at('config.json'),
      text.replace('"mcpServers": {', '"mcpServers": {\n    "new": {"command": "x"},'),
    );
    await home.shelf.save('second' as ServerId, PLAIN, new Map());
    const servers = (JSON.parse(await textOf('config.json')) as { mcpServers: object }).mcpServers;
    expect(Object.keys(servers)).toEqual(['new', 'search', 'second']);
  });

  it('S13: writes rules of redaction with a reference in place of the text that one hides', async () => {
    const key = ruleSecretKey('word');
    const value = { id: 'word', match: { type: 'value', value: referenceTo(key) }, action: 'mask' } as const;
    const named = { id: 'account', match: { type: 'key', name: 'iban' }, action: 'drop' } as const;
    await home.shelf.save(ID, SERVER, SECRETS);
    await home.shelf.saveRedaction({ rules: [value, named], builtIn: {} }, new Map([[key, 'plum-kettle']]));
    expect(await textOf('config.json')).not.toContain('plum-kettle');
    const again = await openAppHome(directory, {});
    expect(again.config.redaction.resolved.rules).toEqual([
      { ...value, match: { type: 'value', value: 'plum-kettle' } },
      named,
    ]);

    await again.shelf.saveRedaction({ rules: [named], builtIn: {} }, new Map());
    expect(again.vault.keys()).not.toContain(key);
    expect(again.vault.keys()).toContain(KEY);
    await again.shelf.saveRedaction({ rules: [], builtIn: {} }, new Map());
    expect(JSON.parse(await textOf('config.json'))).not.toHaveProperty('redaction');
  });

  it('makes the file anew when it was deleted', async () => {
    await rm(at('config.json'));
    await home.shelf.save(ID, PLAIN, new Map());
    expect(JSON.parse(await textOf('config.json'))).toEqual({
      mcpServers: { search: { command: 'node', args: [] } },
    });
  });

  it('keeps changes that come at once', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'] as ServerId[];
    await Promise.all(ids.map((id) => home.shelf.save(id, PLAIN, new Map([[secretKey(id, 'env', 'X'), id]]))));
    const { config } = await openAppHome(directory, {});
    expect([...config.servers.keys()]).toEqual(ids);
  });

  it('ends in a sentence when the file is broken, and loses nothing of it or of the secrets', async () => {
    await home.shelf.save(ID, SERVER, SECRETS);
    await writeFile(at('config.json'), '{"mcpServers": {"search": ');
    const before = await textOf('secrets.json');
    const changed = new Map([[KEY, 'Bearer three']]);
    for (const attempt of [
      () => home.shelf.save(ID, SERVER, changed),
      () => home.shelf.remove(ID),
      () => home.shelf.saveVirtual('v' as ServerId, { description: null, members: new Map() }),
    ])
      await expect(attempt()).rejects.toThrow(/config\.json, line 1, column \d+: this is not valid JSON/);
    expect(await textOf('config.json')).toBe('{"mcpServers": {"search": ');
    expect(await textOf('secrets.json')).toBe(before);
    expect(home.vault.get(KEY)).toEqual({ value: 'Bearer one' });
  });
});

describe('keeping a server in a broken file', () => {
  it('loses no secret that only another host can read', async () => {
    await writeFile(at('secrets.json'), JSON.stringify({ [KEY]: { sealed: 'QUJD' } }));
    home = await openAppHome(directory, {});
    await writeFile(at('config.json'), '{');
    await expect(home.shelf.save(ID, SERVER, SECRETS)).rejects.toThrow('not valid JSON');
    expect(JSON.parse(await textOf('secrets.json'))).toEqual({ [KEY]: { sealed: 'QUJD' } });
  });
});

describe("a server's secrets", () => {
  it("go with it, and nobody else's", async () => {
    const other = 'searching' as ServerId;
    const key = secretKey(other, 'env', 'API_KEY');
    await home.shelf.save(ID, SERVER, SECRETS);
    await home.shelf.save(other, { ...PLAIN, env: { API_KEY: referenceTo(key) } }, new Map([[key, 'three']]));
    await home.shelf.remove(ID);
    expect(home.vault.keys()).toEqual([key]);
    expect(await textOf('secrets.json')).not.toContain('Bearer');
  });

  it('that it no longer refers to are forgotten when it is replaced, the others stay', async () => {
    await home.shelf.save(ID, SERVER, SECRETS);
    await home.shelf.save(ID, { ...SERVER, headers: { Authorization: referenceTo(KEY) } }, new Map());
    expect(home.vault.keys()).toEqual([KEY]);
    expect(home.vault.get(KEY)).toEqual({ value: 'Bearer one' });
  });
});

describe('keeping a virtual server', () => {
  const some: VirtualServerConfig = {
    description: 'for work',
    members: new Map([
      [ID, { tools: ['a', 'b'], prompts: 'all', resources: [] }],
      ['all' as ServerId, { tools: 'all', prompts: 'all', resources: 'all' }],
    ]),
  };

  it('writes it as a user would, beside comments, and reads it back', async () => {
    await writeFile(at('config.json'), '{\n  // mine\n  "mcpServers": {}\n}\n');
    await home.shelf.saveVirtual('work' as ServerId, some);
    const text = await textOf('config.json');
    expect(text).toContain('// mine');
    expect(JSON.parse(text.replace('// mine', ''))).toHaveProperty('virtualServers', {
      work: { description: 'for work', servers: { search: { tools: ['a', 'b'], prompts: true }, all: true } },
    });
    expect((await openAppHome(directory, {})).config.virtualServers.get('work' as ServerId)).toEqual(some);
  });

  it('removes it', async () => {
    await home.shelf.saveVirtual('work' as ServerId, some);
    await home.shelf.removeVirtual('work' as ServerId);
    expect((await openAppHome(directory, {})).config.virtualServers.size).toBe(0);
  });

  it('leaves it when a server that it names is removed', async () => {
    await home.shelf.save(ID, SERVER, SECRETS);
    await home.shelf.saveVirtual('work' as ServerId, some);
    await home.shelf.remove(ID);
    expect((await openAppHome(directory, {})).config.virtualServers.get('work' as ServerId)).toEqual(some);
  });
});
