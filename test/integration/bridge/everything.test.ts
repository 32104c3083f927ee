import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everythingStdio, workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { exposedName, textOf } from '../../support/sdk-client.ts';
import { LAUNCHER } from './bridge-process.ts';

const INSPECTOR = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({ config: { mcpServers: { everything: everythingStdio(), local: workbenchStdio() } } });
}, 120_000);

afterAll(() => gateway.stop());

function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: gateway.home };
}

function bridgeTransport(...args: readonly string[]): StdioClientTransport {
  return new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'bridge', ...args],
    env: environment(),
    stderr: 'pipe',
  });
}

describe('the official client through the bridge', () => {
  it('lists and calls the tools of all servers', async () => {
    const client = new Client({ name: 'sdk', version: '1' });
    await client.connect(bridgeTransport('--no-start'));
    const name = await exposedName(client, 'local', 'echo_text');
    expect(textOf(await client.callTool({ name, arguments: { text: 'through' } }))).toBe('through');
    await client.close();
  });

  it('gets progress, answers what the server asks, and cancels, on one server under its own names', async () => {
    const client = new Client(
      { name: 'sdk', version: '1' },
      { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
    );
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: 'assistant',
      model: 'test',
      content: { type: 'text', text: 'sampled words' },
    }));
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///of/the/client' }] }));
    const transport = bridgeTransport('--server', 'everything');
    await client.connect(transport);

    const sum = await client.callTool({ name: 'get-sum', arguments: { a: 2, b: 40 } });
    expect(textOf(sum)).toContain('42');

    const progress: number[] = [];
    const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } };
    await client.callTool(long, undefined, { onprogress: (update) => progress.push(update.progress) });
    // The client drops progress that it reads in one piece with the answer.
    expect(progress.slice(0, 2)).toEqual([1, 2]);

    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('trigger-sampling-request');
    const sampled = await client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'say' } });
    expect(JSON.stringify(sampled)).toContain('sampled words');
    const elicited = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(JSON.stringify(elicited)).toMatch(/declin/i);
    const roots = await client.callTool({ name: 'get-roots-list', arguments: {} });
    expect(JSON.stringify(roots)).toContain('file:///of/the/client');

    const cancel = new AbortController();
    const endless = { name: 'trigger-long-running-operation', arguments: { duration: 600, steps: 6_000 } };
    const cancelled = client.callTool(endless, undefined, {
      signal: cancel.signal,
      onprogress: () => {
        cancel.abort('enough');
      },
    });
    await expect(cancelled).rejects.toThrow('enough');
    const trace = await gateway.waitForTrace('the call was cancelled', ({ status }) => status === 'cancelled');
    expect(trace['target']).toBe('trigger-long-running-operation');
    await client.close();
    expect(transport.pid).toBeNull();
  }, 120_000);
});

describe('the MCP Inspector through the bridge', () => {
  it('lists the tools of all servers', async () => {
    const args = [INSPECTOR, '--cli', '--format', 'json', '--method', 'tools/list'];
    const child = spawn(process.execPath, [...args, '--', process.execPath, LAUNCHER, 'bridge', '--no-start'], {
      cwd: gateway.home,
      env: environment(),
    });
    child.stdin.end();
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('echo_text') });
  }, 120_000);
});
