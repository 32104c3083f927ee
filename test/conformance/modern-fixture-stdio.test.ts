import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientOptions, type VersionNegotiationMode } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { modernConformanceStdio } from '../support/conformance-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { MODERN_REVISION } from './suite.ts';

const MODERN: VersionNegotiationMode = { pin: MODERN_REVISION };

interface Connected extends AsyncDisposable {
  readonly client: Client;
  requests(): readonly string[];
}

async function connect(
  mode: VersionNegotiationMode,
  { modernOnly, ...options }: ClientOptions & { readonly modernOnly?: boolean } = {},
): Promise<Connected> {
  const recordFile = join(temporaryFolder(), 'requests.txt');
  const client = new Client({ name: 'stdio-client', version: '1.0.0' }, { ...options, versionNegotiation: { mode } });
  if (options.capabilities?.elicitation !== undefined) {
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
  }
  const { command, args, env } = modernConformanceStdio(recordFile, { modernOnly: modernOnly === true });
  await client.connect(new StdioClientTransport({ command, args: [...args], env }));
  return {
    client,
    requests: () => readFileSync(recordFile, 'utf8').split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}

describe('the modern fixture over stdio', () => {
  it.each([
    ['modern', MODERN, 2],
    ['legacy', 'legacy', 1],
  ] as const)('opens as a %s server and has its forms filled in', async (era, mode, calls) => {
    await using connected = await connect(mode, { capabilities: { elicitation: { form: {} } } });
    expect(connected.client.getProtocolEra()).toBe(era);
    const { content } = await connected.client.callTool({
      name: 'test_input_required_result_elicitation',
      arguments: {},
    });
    expect(content).toEqual([{ type: 'text', text: 'Hello, Ada!' }]);
    expect(connected.requests().filter((what) => what.startsWith('tools/call'))).toHaveLength(calls);
  });

  it('tells a listener of what changes', async () => {
    await using connected = await connect(MODERN, { modernOnly: true });
    const { client } = connected;
    const changed = new Promise((resolve) => {
      client.setNotificationHandler('notifications/tools/list_changed', resolve);
    });
    const listening = await client.listen({ toolsListChanged: true });
    await client.callTool({ name: 'test_trigger_tool_change', arguments: {} });
    await changed;
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('test_changing_tool');
    await listening.close();
  });

  it('is told that a call was given up', async () => {
    await using connected = await connect(MODERN);
    const calling = new AbortController();
    const call = connected.client.callTool(
      { name: 'test_wait_until_cancelled', arguments: {} },
      { signal: calling.signal },
    );
    await eventually('the call arrives', () => connected.requests().includes('tools/call test_wait_until_cancelled'));
    calling.abort();
    await expect(call).rejects.toThrow();
    await eventually('it is given up', () => connected.requests().includes('cancelled test_wait_until_cancelled'));
  });

  it('refuses a legacy client where it is to be modern only', async () => {
    await expect(connect('legacy', { modernOnly: true })).rejects.toThrow('Unsupported protocol version');
  });
});
