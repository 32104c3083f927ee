import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyChain, type Interceptor } from '../../../src/gateway/interceptor.ts';
import { editedFrame, editInnerParam } from '../../../src/gateway/frame/edit.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { openRawSession, type Json } from '../../support/raw-session.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { startScriptedModernServer, type ScriptedModernServer } from '../../support/scripted-modern-server.ts';
import { startModernHost, type ModernHost } from './modern-host.ts';

const SCRIPTED = fileURLToPath(new URL('../../fixtures/servers/scripted-stdio.ts', import.meta.url));
const named = (type: string, header: string) => ({ type, 'x-mcp-header': header });
const tool = (name: string, properties: object) => ({ name, inputSchema: { type: 'object', properties } });
const listOf = (...tools: readonly object[]) => ({ resultType: 'complete', tools });

const REGION = tool('where', { region: named('string', 'Region'), count: named('integer', 'Count') });

let server: ScriptedModernServer;
let host: ModernHost;

async function start(interceptor: Interceptor = emptyChain): Promise<void> {
  server = await startScriptedModernServer({ 'tools/list': listOf(REGION, tool('plain', {})) });
  host = await startModernHost({ interceptor });
  await host.gateway.servers.add('local' as ServerId, { type: 'http', url: server.url, headers: {} });
  await host.gateway.servers.get('local')?.settled();
}

beforeEach(() => start());

afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

interface Call {
  readonly name?: string;
  readonly path?: string;
}

const callWith = (args: object, headers: Readonly<Record<string, string>>, { name = 'where', path }: Call = {}) =>
  host.answer('tools/call', { name, arguments: args }, { id: 7, headers, ...(path !== undefined && { path }) });

/** What of arguments the server was told in headers by its newest call. */
function repeated(): Readonly<Record<string, unknown>> {
  const { headers = {} } = server.asked('tools/call').at(-1) ?? {};
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-param-')));
}

describe.each([
  ['its own endpoint', { name: 'where', path: '/servers/local/mcp' }],
  ['the endpoint of all servers', { name: 'local__where', path: '/mcp' }],
])('a call of a tool whose arguments are repeated in headers, at %s', (_what, where) => {
  it('reaches its server with the headers that repeat them, and those that nobody here knows', async () => {
    const encoded = `=?base64?${Buffer.from('Köln').toString('base64')}?=`;
    const headers = { 'mcp-param-region': encoded, 'Mcp-Param-Count': '42.0', 'Mcp-Param-Other': 'kept as it is' };
    expect(await callWith({ region: 'Köln', count: 42 }, headers, where)).toMatchObject({ status: 200 });
    expect(repeated()).toEqual({
      'mcp-param-region': encoded,
      'mcp-param-count': '42',
      'mcp-param-other': 'kept as it is',
    });
  });

  it('is refused when a header is missing', async () => {
    expect(await callWith({ region: 'x' }, {}, where)).toMatchObject({
      status: 400,
      message: {
        id: 7,
        error: {
          code: -32_020,
          message: 'The Mcp-Param-Region header is missing; it must repeat params.arguments.region.',
        },
      },
    });
    expect(server.asked('tools/call')).toEqual([]);
  });

  it('is refused when a header says something else', async () => {
    const headers = { 'mcp-param-region': 'x', 'mcp-param-count': '41' };
    expect(await callWith({ region: 'x', count: 42 }, headers, where)).toMatchObject({
      status: 400,
      message: {
        error: { code: -32_020, message: 'The Mcp-Param-Count header does not repeat params.arguments.count.' },
      },
    });
    expect(server.asked('tools/call')).toEqual([]);
  });

  it('needs no headers for arguments that are not there', async () => {
    expect(await callWith({ region: null }, {}, where)).toMatchObject({ status: 200 });
    expect(repeated()).toEqual({});
  });

  it('may lack headers when its client is on stdio, and never contradict', async () => {
    const fromBridge = { 'throughline-client-transport': 'stdio' };
    expect(await callWith({ region: 'x' }, fromBridge, where)).toMatchObject({ status: 200 });
    expect(repeated()).toEqual({ 'mcp-param-region': 'x' });
    const wrong = { ...fromBridge, 'mcp-param-region': 'y' };
    expect(await callWith({ region: 'x' }, wrong, where)).toMatchObject({ status: 400 });
  });
});

describe('what is known of a tool', () => {
  it('is enough to call it when that is nothing: whatever headers say goes on as it is', async () => {
    const headers = { 'mcp-param-region': 'x' };
    for (const name of ['plain', 'nobody'])
      expect(await callWith({ region: 'y' }, headers, { name })).toMatchObject({ status: 200 });
    expect(repeated()).toEqual(headers);
  });

  it('is what its client was last shown, though the server told nobody of the change', async () => {
    server.answers.set('tools/list', listOf(tool('where', { region: named('string', 'Zone') })));
    await host.answer('tools/list');
    expect(await callWith({ region: 'x' }, { 'mcp-param-region': 'x' })).toMatchObject({ status: 400 });
    expect(await callWith({ region: 'x' }, { 'mcp-param-zone': 'x' })).toMatchObject({ status: 200 });
    expect(repeated()).toEqual({ 'mcp-param-zone': 'x' });
  });
});

describe('a server whose tool wants other headers than when the gateway read of it', () => {
  async function callFromOlderClient(): Promise<Json> {
    const rest = (path: string, init: RequestInit = {}) => fetch(new URL(path, host.origin), init);
    const session = await openRawSession({ rest }, '/mcp');
    return await session.callTool('local__where', { region: 'x' });
  }

  beforeEach(() => {
    server.answers.set('tools/call', ({ headers }) =>
      headers['mcp-param-zone'] === 'x' ? { resultType: 'complete', content: [] } : { refused: -32_020 },
    );
  });

  it('is called again as it wants it now, on behalf of a client that knows nothing of headers', async () => {
    server.answers.set('tools/list', listOf(tool('where', { region: named('string', 'Zone') })));
    expect(await callFromOlderClient()).toMatchObject({ result: { content: [] } });
    expect(server.asked('tools/call')).toHaveLength(2);
    expect(await callFromOlderClient()).toMatchObject({ result: { content: [] } });
    expect(server.asked('tools/call')).toHaveLength(3);
  });

  it('is not called again when its list still wants the same', async () => {
    expect(await callFromOlderClient()).toMatchObject({ error: { code: -32_020 } });
    expect(server.asked('tools/call')).toHaveLength(1);
  });
});

describe('a call that is changed on its way', () => {
  const masking: Interceptor = {
    ...emptyChain,
    before({ request }) {
      return { kind: 'proceed', request: editedFrame(request, editInnerParam(request, 'arguments', 'region', '***')) };
    },
  };

  it('says in its headers what it says now, and nothing of what only its client knew', async () => {
    await host[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await start(masking);
    const headers = { 'mcp-param-region': 'secret', 'mcp-param-other': 'secret' };
    expect(await callWith({ region: 'secret' }, headers)).toMatchObject({ status: 200 });
    expect(repeated()).toEqual({ 'mcp-param-region': '***' });
  });
});

describe('a tool of a server of the era of handshakes', () => {
  it('is held to its schema in the same way, and is listed as it is even when nobody could call it so', async () => {
    const valid = tool('where', { region: named('string', 'Region') });
    const invalid = tool('odd', { region: named('string', 'not a name') });
    const folder = temporaryFolder();
    const script = join(folder, 'script.json');
    const list = JSON.stringify({ tools: [valid, invalid] });
    writeFileSync(script, JSON.stringify({ capabilities: { tools: {} }, results: { 'tools/list': list } }));
    const args = [SCRIPTED, script, join(folder, 'received')];
    const config = { type: 'stdio', command: process.execPath, args, env: {}, cwd: null } as const;
    await host.gateway.servers.add('old' as ServerId, config);
    await host.gateway.servers.get('old')?.settled();
    const path = '/servers/old/mcp';
    const { message } = await host.answer('tools/list', {}, { path });
    expect(message['result']).toMatchObject({ tools: [valid, invalid] });
    expect(await callWith({ region: 'x' }, {}, { path })).toMatchObject({ status: 400 });
    expect(await callWith({ region: 'x' }, { 'mcp-param-region': 'x' }, { path })).toMatchObject({ status: 200 });
    expect(await callWith({ region: 'x' }, {}, { path, name: 'odd' })).toMatchObject({ status: 200 });
  });
});
