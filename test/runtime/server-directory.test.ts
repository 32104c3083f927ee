import { describe, expect, it } from 'vitest';
import type { ConfiguredServer } from '../../src/runtime/config/config.ts';
import { createMemoryVault } from '../../src/runtime/secrets/memory-vault.ts';
import { secretKey } from '../../src/runtime/secrets/secret-reference.ts';
import { createServerDirectory } from '../../src/runtime/server-directory.ts';
import { createRunShelf, type ServerShelf } from '../../src/runtime/server-shelf.ts';
import { createTurns } from '../../src/runtime/turns.ts';
import { createVirtualDirectory } from '../../src/runtime/virtual-directory.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { HttpServerConfig, ServerConfig } from '../../src/shared/domain/server.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { createFakeRegistry } from '../support/fake-registry.ts';

const ID = 'search' as ServerId;
const SECRET = 'Bearer 6f1c0e5d-sentinel';
const TYPED: HttpServerConfig = {
  type: 'http',
  url: 'https://search.example/mcp',
  headers: { Authorization: SECRET, 'X-Env': '${NAME_OF_TODAY}' },
};
const KEY = secretKey(ID, 'headers', 'Authorization');

interface SetUp {
  readonly configured?: ReadonlyMap<ServerId, ConfiguredServer>;
  readonly environment?: Record<string, string>;
  readonly shelf?: Partial<ServerShelf>;
}

function setUp({ configured = new Map(), environment = { NAME_OF_TODAY: 'monday' }, shelf = {} }: SetUp = {}) {
  const registry = createFakeRegistry();
  const { servers, virtualServers } = registry;
  const vault = createMemoryVault();
  const saved: unknown[] = [];
  const runShelf = createRunShelf(vault);
  const kept: ServerShelf = {
    ...runShelf,
    save(id, config, secrets) {
      saved.push(config);
      return runShelf.save(id, config, secrets);
    },
    ...shelf,
  };
  const known: { readonly config: ServerConfig; readonly startsBefore: number }[] = [];
  const redactor = createRedactor({ hashKey: Buffer.alloc(32), knownSecrets: new Set<string>() });
  const inTurn = createTurns();
  const directory = createServerDirectory({
    servers,
    virtualServers,
    redactor,
    separator: '__',
    exposedUri: (_server, uri) => uri,
    configured,
    shelf: kept,
    sources: { environment, secrets: vault },
    onConfig: (config) => {
      known.push({ config, startsBefore: registry.calls.length });
    },
    inTurn,
  });
  const virtual = createVirtualDirectory({ gateway: { servers, virtualServers }, shelf: kept, inTurn });
  const add = (config: ServerConfig) => directory.confirm(directory.propose(ID, config).proposalId);
  return { registry, directory, virtual, vault, saved, known, add, environment };
}

describe('adding a server', () => {
  it('keeps references where secrets were typed, and starts the server with the secrets', async () => {
    const { registry, saved, vault, known, add } = setUp();
    await add(TYPED);
    expect(saved).toEqual([
      { ...TYPED, headers: { Authorization: '${secret:search/headers/Authorization}', 'X-Env': '${NAME_OF_TODAY}' } },
    ]);
    expect(vault.get(KEY)).toEqual({ value: SECRET });
    const resolved = { ...TYPED, headers: { Authorization: SECRET, 'X-Env': 'monday' } };
    expect(registry.started.get(ID)).toEqual(resolved);
    expect(known, 'told before the start').toEqual([{ config: resolved, startsBefore: 0 }]);
  });

  it('keeps and starts nothing before somebody has agreed', () => {
    const { registry, directory, saved, vault } = setUp();
    expect(directory.propose(ID, TYPED)).toMatchObject({
      id: ID,
      replaces: false,
      target: { type: 'http', url: TYPED.url, headerNames: ['Authorization', 'X-Env'] },
    });
    expect(JSON.stringify(directory.propose(ID, TYPED))).not.toContain('sentinel');
    expect([registry.calls, saved, vault.keys()]).toEqual([[], [], []]);
  });

  it('says at once which variable is not set', () => {
    const { directory } = setUp({ environment: {} });
    expect(() => directory.propose(ID, TYPED)).toThrow('The environment variable NAME_OF_TODAY is not set.');
  });

  it('can be agreed to once', async () => {
    const { directory } = setUp();
    const { proposalId } = directory.propose(ID, TYPED);
    await directory.confirm(proposalId);
    await expect(directory.confirm(proposalId)).rejects.toThrow('This proposal is no longer open');
  });

  it('can be agreed to again when it could not be kept, and starts nothing meanwhile', async () => {
    let isBroken = true;
    const { registry, directory } = setUp({
      shelf: { save: () => (isBroken ? Promise.reject(new UserError('Mend the file.')) : Promise.resolve()) },
    });
    const { proposalId } = directory.propose(ID, TYPED);
    await expect(directory.confirm(proposalId)).rejects.toThrow('Mend the file.');
    expect(registry.calls).toEqual([]);
    isBroken = false;
    await directory.confirm(proposalId);
    expect(registry.calls).toEqual(['add search']);
  });

  it('keeps a secret that the new configuration still refers to', async () => {
    const { registry, vault, add } = setUp();
    await add(TYPED);
    const moved = {
      ...TYPED,
      url: 'https://new.example/mcp',
      headers: { Authorization: '${secret:search/headers/Authorization}' },
    };
    await add(moved);
    expect(vault.keys()).toEqual([KEY]);
    expect(registry.started.get(ID)).toEqual({ ...moved, headers: { Authorization: SECRET } });
  });

  it('refuses the name of a virtual server, and a virtual server that of a server', async () => {
    const { registry, directory, virtual, add } = setUp();
    registry.virtualServers.set(ID, { description: null, members: new Map() });
    expect(() => directory.propose(ID, TYPED)).toThrow('There is a virtual server named "search" already');
    registry.virtualServers.remove(ID);
    await add(TYPED);
    await expect(virtual.save(ID, { description: null, members: new Map() })).rejects.toThrow(
      'There is a server named "search" already',
    );
  });
});

describe('starting a server again', () => {
  it('follows its references anew', async () => {
    const { registry, directory, vault, environment, add } = setUp();
    await add(TYPED);
    environment['NAME_OF_TODAY'] = 'tuesday';
    await vault.change({ put: new Map([[KEY, 'Bearer another']]) });
    await directory.restart(ID);
    expect(registry.started.get(ID)).toMatchObject({
      headers: { Authorization: 'Bearer another', 'X-Env': 'tuesday' },
    });
  });

  it('says what to do when its secret is gone, and leaves it as it is', async () => {
    const { registry, directory, vault, add } = setUp();
    await add(TYPED);
    await vault.change({ remove: [KEY] });
    await expect(directory.restart(ID)).rejects.toThrow(
      /^The secret for headers\.Authorization .* Add the server again/,
    );
    expect(registry.calls).toEqual(['add search']);
  });

  it('brings back one that was stopped', async () => {
    const { registry, directory, add } = setUp();
    await add(TYPED);
    await directory.stopServer(ID);
    expect(registry.servers.get(ID)?.status().state).toBe('stopped');
    await directory.restart(ID);
    expect(registry.calls).toEqual(['add search', 'stop search', 'add search']);
  });

  it('is done one at a time, however often it is asked', async () => {
    const { registry, directory, add } = setUp();
    await add(TYPED);
    await Promise.all([directory.restart(ID), directory.remove(ID), directory.restart(ID).catch(() => null)]);
    expect(registry.calls).toEqual(['add search', 'add search', 'remove search']);
  });
});

describe('a server that must not start', () => {
  const needs = (kind: 'review' | 'values'): ReadonlyMap<ServerId, ConfiguredServer> =>
    new Map([[ID, { written: TYPED, problem: { sentence: 'Look at it first.', needs: kind } }]]);

  it('S15: is neither started nor stopped by anything but adding it again', async () => {
    const { registry, directory, add } = setUp({ configured: needs('review') });
    await directory.start();
    await expect(directory.restart(ID)).rejects.toThrow('Look at it first.');
    await expect(directory.stopServer(ID)).rejects.toThrow('Look at it first.');
    expect(registry.calls).toEqual(['hold search']);
    await add(TYPED);
    await directory.restart(ID);
    expect(registry.calls).toEqual(['hold search', 'add search', 'add search']);
  });

  it('is started once what was missing is there', async () => {
    const { registry, directory, vault, environment } = setUp({ configured: needs('values'), environment: {} });
    await directory.start();
    await expect(directory.restart(ID)).rejects.toThrow('NAME_OF_TODAY is not set');
    environment['NAME_OF_TODAY'] = 'monday';
    await vault.change({ put: new Map([[KEY, SECRET]]) });
    await directory.restart(ID);
    expect(registry.calls).toEqual(['hold search', 'add search']);
    await directory.stopServer(ID);
  });
});

describe('removing a server', () => {
  it('removes its secrets, and stops it only once it is forgotten', async () => {
    const { registry, directory, vault, add } = setUp();
    await add(TYPED);
    await directory.remove(ID);
    expect(vault.keys()).toEqual([]);
    expect(registry.calls).toEqual(['add search', 'remove search']);

    const stuck = setUp({ shelf: { remove: () => Promise.reject(new UserError('Mend the file.')) } });
    await stuck.add(TYPED);
    await expect(stuck.directory.remove(ID)).rejects.toThrow('Mend the file.');
    expect(stuck.registry.calls).toEqual(['add search']);
  });

  it('leaves virtual servers that name it, which then have less', async () => {
    const { registry, directory, virtual, add } = setUp();
    await add(TYPED);
    registry.set(ID, {
      catalog: { tools: [{ name: 'a' }, { name: 'b' }], prompts: [], resources: [], resourceTemplates: [] },
    });
    const work = 'work' as ServerId;
    await virtual.save(work, {
      description: 'd',
      members: new Map([[ID, { tools: ['b', 'c'], prompts: 'all', resources: [] }]]),
    });
    const seen = async () => (await directory.watch(null, 0)).virtualServers;
    expect(await seen()).toMatchObject([{ id: 'work', description: 'd', tools: 1, prompts: 0, resources: 0 }]);
    await directory.remove(ID);
    expect(await seen()).toMatchObject([{ id: 'work', members: [{ serverId: ID }], tools: 0 }]);
  });
});

describe('virtual servers', () => {
  it('are made of servers that there are', async () => {
    const { virtual, registry } = setUp();
    const members = new Map([['gone' as ServerId, { tools: 'all', prompts: 'all', resources: 'all' } as const]]);
    await expect(virtual.save('work' as ServerId, { description: null, members })).rejects.toThrow(
      'There is no server "gone"; choose from those that there are.',
    );
    expect(registry.virtualServers.all().size).toBe(0);
    await expect(virtual.remove('work' as ServerId)).rejects.toThrow('There is no virtual server "work" any more.');
  });

  it('do not change when they cannot be kept', async () => {
    const broken = () => Promise.reject(new UserError('Mend the file.'));
    const { virtual, registry } = setUp({ shelf: { saveVirtual: broken, removeVirtual: broken } });
    const work = 'work' as ServerId;
    const config = { description: null, members: new Map() };
    await expect(virtual.save(work, config)).rejects.toThrow('Mend the file.');
    expect(registry.virtualServers.get(work)).toBeUndefined();
    registry.virtualServers.set(work, config);
    await expect(virtual.remove(work)).rejects.toThrow('Mend the file.');
    expect(registry.virtualServers.get(work)).toBe(config);
  });
});
