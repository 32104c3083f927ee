import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/gateway/clock.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { VirtualServerConfig } from '../../../src/shared/domain/virtual-server.ts';
import { doorServer } from '../../integration/doors/door-support.ts';
import { openRawSession, type Json } from '../../support/raw-session.ts';
import {
  startScriptedModernServer,
  type ModernRequestSeen,
  type ScriptedAnswer,
  type ScriptedModernServer,
} from '../../support/scripted-modern-server.ts';
import { startModernHost, VERSION, type ModernHost } from '../edges/modern-host.ts';

let servers: ScriptedModernServer[];
let host: ModernHost;
let passed: number;

beforeEach(async () => {
  servers = [];
  passed = 0;
  host = await startModernHost({
    clock: createClock(
      () => Date.now() + passed,
      () => performance.now() + passed,
    ),
  });
});

afterEach(async () => {
  await host[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
});

/** A server whose lists and words about itself are the test's; resolves once the gateway has read it. */
async function add(id: string, answers: Readonly<Record<string, ScriptedAnswer>>): Promise<ScriptedModernServer> {
  const server = await startScriptedModernServer(answers);
  servers.push(server);
  await host.gateway.servers.add(id as ServerId, { type: 'http', url: server.url, headers: {} });
  await host.gateway.servers.get(id)?.settled();
  return server;
}

const tools = (ttlMs: number, cacheScope: string, ...names: readonly string[]): Json => ({
  resultType: 'complete',
  tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
  ttlMs,
  cacheScope,
});

interface Saying extends Json {
  readonly ttlMs?: number;
  readonly cacheScope?: string;
}

const introduction = (more: Saying = {}): Json => ({
  resultType: 'complete',
  supportedVersions: [VERSION],
  capabilities: { tools: {} },
  ...more,
});

const clientOf = ({ params }: ModernRequestSeen): string => {
  const meta = params['_meta'] as Readonly<Record<string, { readonly name?: string } | undefined>>;
  return String(meta['io.modelcontextprotocol/clientInfo']?.name);
};

/** The tools a client sees at `/mcp`, and for how long and whom. */
async function listed(clientName: string, path = '/mcp'): Promise<Json & { readonly names: readonly string[] }> {
  const { message } = await host.answer('tools/list', {}, { path, clientName });
  const { tools: found, ttlMs, cacheScope, resultType } = message['result'] as Json;
  return { names: (found as readonly { name: string }[]).map(({ name }) => name), ttlMs, cacheScope, resultType };
}

async function discovered(clientName: string, path: string): Promise<Json> {
  const { message } = await host.answer('server/discover', {}, { path, clientName });
  return message['result'] as Json;
}

describe('a list of a server at the endpoint of all', () => {
  it('is read once for all clients while it is public and holds, and says what is left of its time', async () => {
    const server = await add('s', { 'tools/list': tools(60_000, 'public', 'a') });
    const before = server.asked('tools/list').length;
    const whole = { names: ['s__a'], ttlMs: 60_000, cacheScope: 'public', resultType: 'complete' };
    expect(await listed('one')).toEqual(whole);
    passed += 20_000;
    const later = await listed('two');
    expect(later).toMatchObject({ names: ['s__a'], cacheScope: 'public' });
    expect(later['ttlMs']).toBeGreaterThan(0);
    expect(later['ttlMs']).toBeLessThanOrEqual(40_000);
    expect(server.asked('tools/list').length - before).toBe(1);
    passed += 40_000;
    server.answers.set('tools/list', tools(60_000, 'public', 'b'));
    expect(await listed('one')).toEqual({ ...whole, names: ['s__b'] });
    expect(server.asked('tools/list').length - before).toBe(2);
  });

  it.each([
    ['private', 60_000, 'private'],
    ['public, and old at once', 0, 'public'],
    ['not said to be anything', undefined, undefined],
  ])('is read for each client, and each time, when it is %s', async (_what, ttlMs, cacheScope) => {
    const server = await add('s', {
      'tools/list': (request) => ({ ...tools(0, '', clientOf(request)), ttlMs, cacheScope }),
    });
    const before = server.asked('tools/list').length;
    const told = { ttlMs: ttlMs ?? 0, cacheScope: cacheScope ?? 'private', resultType: 'complete' };
    expect(await listed('one')).toEqual({ ...told, names: ['s__one'] });
    expect(await listed('two')).toEqual({ ...told, names: ['s__two'] });
    expect(await listed('one')).toEqual({ ...told, names: ['s__one'] });
    expect(server.asked('tools/list').length - before).toBe(3);
  });

  it('is told to clients with a handshake without a word about it', async () => {
    await add('s', { 'tools/list': tools(60_000, 'public', 'a') });
    const rest = (path: string, init: RequestInit = {}) => fetch(new URL(path, host.origin), init);
    const session = await openRawSession({ rest }, '/mcp');
    const { result } = await session.request('tools/list', {});
    expect(result).toEqual({ tools: [{ name: 's__a', inputSchema: { type: 'object' } }] });
  });
});

describe('a list of several servers', () => {
  it('holds as long as the one that holds shortest, and is as private as the most private', async () => {
    await add('one', { 'tools/list': tools(60_000, 'public', 'a') });
    await add('two', { 'tools/list': tools(5_000, 'public', 'b') });
    expect(await listed('me')).toMatchObject({ names: ['one__a', 'two__b'], ttlMs: 5_000, cacheScope: 'public' });
    await add('three', { 'tools/list': tools(30_000, 'private', 'c') });
    const { ttlMs, cacheScope } = await listed('me');
    expect({ isShort: Number(ttlMs) > 0 && Number(ttlMs) <= 5_000, cacheScope }).toEqual({
      isShort: true,
      cacheScope: 'private',
    });
  });

  it('does not ask a server that has no such list what it says of it', async () => {
    await add('one', { 'tools/list': tools(60_000, 'public', 'a') });
    await add('two', { 'server/discover': introduction({ capabilities: { prompts: {} } }) });
    expect(await listed('me')).toMatchObject({ names: ['one__a'], ttlMs: 60_000, cacheScope: 'public' });
  });

  it('may not be kept when a server could not be asked, says nothing, or when there is none', async () => {
    expect(await listed('me')).toMatchObject({ names: [], ttlMs: 0, cacheScope: 'private' });
    await add('one', { 'tools/list': tools(60_000, 'public', 'a') });
    const two = await add('two', { 'tools/list': tools(60_000, 'public', 'b') });
    expect(await listed('me')).toMatchObject({ names: ['one__a', 'two__b'], ttlMs: 60_000 });
    passed += 60_000;
    await two[Symbol.asyncDispose]();
    expect(await listed('me')).toMatchObject({ names: ['one__a'], ttlMs: 0, cacheScope: 'private' });
    await host.gateway.servers.remove('two' as ServerId);
    expect(await listed('me')).toMatchObject({ names: ['one__a'], cacheScope: 'public' });
    const { command, args } = doorServer().entry;
    await host.gateway.servers.add('old' as ServerId, { type: 'stdio', command, args, env: {}, cwd: null });
    await host.gateway.servers.get('old')?.settled();
    expect(await listed('me')).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
  });

  it('says so on each of its pages', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `t${index}`);
    await add('s', { 'tools/list': tools(60_000, 'public', ...names) });
    const first = await host.answer('tools/list', {}, { path: '/mcp' });
    const { nextCursor: cursor } = first.message['result'] as Json;
    const second = (await host.answer('tools/list', { cursor }, { path: '/mcp' })).message['result'] as Json;
    expect(first.message['result']).toMatchObject({ ttlMs: 60_000, cacheScope: 'public' });
    expect(second['tools']).toHaveLength(50);
    expect(second['cacheScope']).toBe('public');
    expect(second['ttlMs']).toBeGreaterThan(0);
    expect(second['ttlMs']).toBeLessThanOrEqual(60_000);
  });

  it('is, at a virtual server, that of its members alone', async () => {
    await add('one', { 'tools/list': tools(60_000, 'public', 'a') });
    await add('two', { 'tools/list': tools(0, 'private', 'b') });
    const member = { tools: 'all', prompts: 'all', resources: 'all' } as const;
    const some: VirtualServerConfig = { description: null, members: new Map([['one' as ServerId, member]]) };
    host.gateway.virtualServers.set('some' as ServerId, some);
    const path = '/servers/some/mcp';
    expect(await listed('me', path)).toMatchObject({ names: ['one__a'], ttlMs: 60_000, cacheScope: 'public' });
  });
});

describe('what a server says of itself', () => {
  const forEach = (more: Saying): ScriptedAnswer => {
    return (request) => introduction({ ...more, instructions: `for ${clientOf(request)}` });
  };

  it('is asked for each client when it is private', async () => {
    const server = await add('local', { 'server/discover': forEach({ ttlMs: 60_000, cacheScope: 'private' }) });
    const before = server.asked('server/discover').length;
    for (const [path, name] of [
      ['/servers/local/mcp', 'one'],
      ['/servers/local/mcp', 'two'],
      ['/mcp', 'three'],
    ] as const) {
      expect(await discovered(name, path)).toMatchObject({
        instructions: `for ${name}`,
        ttlMs: 60_000,
        cacheScope: 'private',
      });
    }
    expect(server.asked('server/discover').length - before).toBe(3);
  });

  it('is asked once for all clients when it is public, at all endpoints, until it no longer holds', async () => {
    const server = await add('local', { 'server/discover': forEach({ ttlMs: 60_000, cacheScope: 'public' }) });
    const before = server.asked('server/discover').length;
    for (const path of ['/servers/local/mcp', '/mcp'])
      expect(await discovered('one', path)).toMatchObject({ instructions: 'for one', cacheScope: 'public' });
    expect(await discovered('two', '/mcp')).toMatchObject({ instructions: 'for one' });
    expect(server.asked('server/discover').length - before).toBe(1);
    passed += 60_000;
    expect(await discovered('two', '/mcp')).toMatchObject({ instructions: 'for two', ttlMs: 60_000 });
  });

  it('is asked for a client with a handshake too', async () => {
    await add('local', { 'server/discover': forEach({ ttlMs: 60_000, cacheScope: 'private' }) });
    const initialize = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'older', version: '1' },
    };
    for (const path of ['/mcp', '/servers/local/mcp']) {
      const response = await host.post(
        path,
        { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
        { 'content-type': 'application/json' },
      );
      const { result } = (await response.json()) as { readonly result: Json };
      expect(result).toMatchObject({ protocolVersion: '2025-11-25', instructions: 'for older' });
    }
  });

  it('holds, of several servers, as long as the one that holds shortest, and not at all without one of them', async () => {
    await add('one', { 'server/discover': introduction({ ttlMs: 60_000, cacheScope: 'public' }) });
    const two = await add('two', {
      'server/discover': introduction({ ttlMs: 5_000, cacheScope: 'public', instructions: 'Be kind.' }),
    });
    expect(await discovered('me', '/mcp')).toMatchObject({
      instructions: '# two\n\nBe kind.',
      ttlMs: 5_000,
      cacheScope: 'public',
    });
    passed += 5_000;
    await two[Symbol.asyncDispose]();
    const without = await discovered('me', '/mcp');
    expect(without).toMatchObject({ capabilities: { tools: {} }, ttlMs: 0, cacheScope: 'private' });
    expect(without['instructions']).toBeUndefined();
  });

  it('cannot be had while it does not answer', async () => {
    const server = await add('local', {});
    await server[Symbol.asyncDispose]();
    const { message } = await host.answer('server/discover', {});
    expect(message).toMatchObject({ error: { code: -32_000, data: { category: 'connection_refused' } } });
  });
});

describe('a resource that its client has to say more for', () => {
  it('is not said to hold at all', async () => {
    const asking = { resultType: 'input_required', inputRequests: { a: { method: 'roots/list' } }, requestState: 's' };
    await add('local', {
      'server/discover': introduction({ capabilities: { resources: {} } }),
      'resources/list': { resultType: 'complete', resources: [{ uri: 'x://a', name: 'a' }] },
      'resources/read': asking,
    });
    for (const path of ['/servers/local/mcp', '/mcp']) {
      const capabilities = { roots: {} };
      const { message } = await host.answer('resources/read', { uri: 'x://a' }, { path, capabilities });
      expect(message['result']).toEqual(asking);
    }
  });
});
