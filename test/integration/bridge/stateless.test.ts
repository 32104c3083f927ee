import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Script } from '../../fixtures/servers/scripted-stdio.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { LAUNCHER, startBridge, toolCall, type BridgeProcess, type Message } from './bridge-process.ts';

const SCRIPTED = fileURLToPath(new URL('../../fixtures/servers/scripted-stdio.ts', import.meta.url));
const VERSION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bridge-test', version: '1' },
};
const CHANGED = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';
/** A server of the era of handshakes whose `say` writes what it is told to. */
const SCRIPT: Script = {
  capabilities: { tools: { listChanged: true } },
  results: { 'tools/list': '{"tools":[{"name":"say","inputSchema":{"type":"object"}}]}' },
};

const home = temporaryFolder();
const recordFile = join(home, 'record');
let gateway: GatewayProcess;

beforeAll(async () => {
  const script = join(home, 'script.json');
  writeFileSync(script, JSON.stringify(SCRIPT));
  const changing = { command: process.execPath, args: [SCRIPTED, script, join(home, 'received')] };
  gateway = await startGateway({ home, config: { mcpServers: { local: workbenchStdio(recordFile), changing } } });
}, 120_000);

afterAll(() => gateway.stop());

function modern(id: unknown, method: string, params: object = {}): Readonly<Record<string, unknown>> {
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta: META } };
}

const cancelling = (requestId: unknown): Readonly<Record<string, unknown>> => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** The id of the request that a message of a subscription belongs to. */
function subscriptionOf({ params }: Message): unknown {
  const meta = params?.['_meta'] as Readonly<Record<string, unknown>> | undefined;
  return meta?.['io.modelcontextprotocol/subscriptionId'];
}

const received = (): string => readFileSync(recordFile, 'utf8');

describe('a client of the stateless era through the bridge', () => {
  let bridge: BridgeProcess;

  beforeEach(() => {
    bridge = startBridge(['--no-start'], { home });
  });

  afterEach(async () => {
    bridge.child.stdin.end();
    expect(await bridge.exited).toEqual({ code: 0, signal: null });
    expect(bridge.stderr()).toBe('');
  });

  async function listen(id: string): Promise<void> {
    bridge.send(modern(id, 'subscriptions/listen', { notifications: { toolsListChanged: true } }));
    await eventually('it is acknowledged', () =>
      bridge.messages().some((message) => message.method === ACKNOWLEDGED && subscriptionOf(message) === id),
    );
  }

  async function nameOf(tool: string): Promise<string> {
    bridge.send(modern(`list for ${tool}`, 'tools/list'));
    const { result } = await bridge.answerTo(`list for ${tool}`);
    const tools = result?.['tools'] as readonly { name: string }[];
    return tools.map(({ name }) => name).find((name) => name.endsWith(tool)) ?? '';
  }

  it('learns what the gateway is, and lists and calls tools, of servers of the older era', async () => {
    bridge.send(modern('d', 'server/discover'));
    const { result } = await bridge.answerTo('d');
    expect(result).toMatchObject({ resultType: 'complete', capabilities: { tools: {} } });
    expect(result?.['supportedVersions']).toContain(VERSION);
    const name = await nameOf('echo_text');
    bridge.send(modern(1, 'tools/call', { name, arguments: { text: 'Zoë' } }));
    expect(await bridge.answerTo(1)).toMatchObject({ result: { resultType: 'complete', content: [{ text: 'Zoë' }] } });
    bridge.send(modern(2, 'tools/call', { name: 'Zoë', arguments: {} }), modern(3, 'ping/pong'));
    // Neither is refused for what the HTTP request says of it.
    expect((await bridge.answerTo(2)).error?.message).toMatch(/Zoë/);
    expect((await bridge.answerTo(3)).error).toMatchObject({ code: -32_601 });
  });

  it('cancels a call, and the server hears of it', async () => {
    const name = await nameOf('never');
    bridge.send(modern('endless', 'tools/call', { name, arguments: { text: 'the endless one' } }));
    await eventually('it is under way', () => received().includes('the endless one'));
    bridge.send(cancelling('endless'));
    await eventually('the server hears of it', () => received().includes('notifications/cancelled'));
    const trace = await gateway.waitForTrace('it is cancelled', ({ status }) => status === 'cancelled');
    expect(trace['target']).toBe('never');
    expect(bridge.messages().filter(({ id }) => id === 'endless')).toEqual([]);
  });

  it('hears that a list has changed, for as long as it listens', async () => {
    const name = await nameOf('say');
    const change = (id: string): void => {
      bridge.send(modern(id, 'tools/call', { name, arguments: { lines: [CHANGED] } }));
    };
    const newsOf = (subscription: string): readonly Message[] =>
      bridge
        .messages()
        .filter(
          (message) =>
            message.method === 'notifications/tools/list_changed' && subscriptionOf(message) === subscription,
        );
    await listen('first');
    change('one change');
    await eventually('it hears', () => newsOf('first').length > 0);
    await bridge.answerTo('one change');
    bridge.send(cancelling('first'));
    await listen('second');
    const heardBefore = newsOf('first').length;
    change('another change');
    await eventually('it hears again', () => newsOf('second').length > 0);
    expect(newsOf('first')).toHaveLength(heardBefore);
    expect(bridge.messages().filter(({ id }) => id === 'first')).toEqual([]);
  });

  it('may ask what the gateway is, begin as clients used to, and speak in both ways', async () => {
    bridge.send(modern('d', 'server/discover'));
    await bridge.answerTo('d');
    expect((await bridge.initialize()).result).toMatchObject({ protocolVersion: '2025-11-25' });
    const name = await nameOf('echo_text');
    bridge.send(toolCall('old', name, { text: 'old' }));
    bridge.send(modern('new', 'tools/call', { name, arguments: { text: 'new' } }));
    expect((await bridge.answerTo('old')).result).toEqual({ content: [{ type: 'text', text: 'old' }] });
    expect((await bridge.answerTo('new')).result).toMatchObject({ resultType: 'complete', content: [{ text: 'new' }] });
  });
});

describe('the official client of the stateless era through the bridge', () => {
  const modes = [{ pin: VERSION }, 'auto'] as const;

  it.each(modes)(
    'discovers, calls, cancels and listens (%o)',
    async (mode) => {
      const client = new Client({ name: 'sdk', version: '1' }, { versionNegotiation: { mode } });
      let changes = 0;
      client.setNotificationHandler('notifications/tools/list_changed', () => {
        changes += 1;
      });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [LAUNCHER, 'bridge', '--no-start'],
          env: { PATH: process.env['PATH'] ?? '', HOME: home },
          stderr: 'pipe',
        }),
      );
      expect(client.getProtocolEra()).toBe('modern');
      const { tools } = await client.listTools();
      const nameOf = (tool: string): string => tools.map(({ name }) => name).find((name) => name.endsWith(tool)) ?? '';

      const text = JSON.stringify(mode);
      const echoed = await client.callTool({ name: nameOf('echo_text'), arguments: { text } });
      expect(echoed.content).toEqual([{ type: 'text', text }]);

      const subscription = await client.listen({ toolsListChanged: true });
      expect(subscription.honoredFilter).toEqual({ toolsListChanged: true });
      await client.callTool({ name: nameOf('say'), arguments: { lines: [CHANGED] } });
      await eventually('it hears', () => changes > 0);
      await subscription.close();

      const cancel = new AbortController();
      const endless = { name: nameOf('never'), arguments: { text: `endless ${text.replaceAll('"', '')}` } };
      const cancelled = client.callTool(endless, { signal: cancel.signal });
      await eventually('it is under way', () => received().includes(endless.arguments.text));
      cancel.abort('enough');
      await expect(cancelled).rejects.toThrow('enough');
      await client.close();
    },
    120_000,
  );
});
