import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder, type CliOptions } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import {
  endGatewaysOf,
  freePort,
  gatewaysOf,
  INITIALIZE,
  startBridge,
  stateDirectoryOf,
  toolCall,
  type BridgeProcess,
} from './bridge-process.ts';

let options: CliOptions & { readonly home: string };
const bridges: BridgeProcess[] = [];

beforeEach(async () => {
  options = { home: temporaryFolder(), env: { THROUGHLINE_PORT: String(await freePort()), SHELL: '/bin/sh' } };
});

afterEach(async () => {
  for (const bridge of bridges.splice(0)) {
    bridge.child.kill('SIGKILL');
    await bridge.exited;
  }
  await endGatewaysOf(options.home);
  await rm(options.home, { recursive: true, force: true });
}, 120_000);

function start(...args: readonly string[]): BridgeProcess {
  const bridge = startBridge(args, options);
  bridges.push(bridge);
  return bridge;
}

describe('a bridge when no gateway runs', () => {
  it("starts the app's own, which two at once share and which outlives them", async () => {
    const both = [start(), start()];
    for (const bridge of both) expect((await bridge.initialize()).result).toHaveProperty('serverInfo');
    const [gateway, ...others] = await gatewaysOf(options.home);
    expect(others).toEqual([]);
    expect(gateway).toMatchObject({ isUnattended: true, url: `http://127.0.0.1:${options.env!['THROUGHLINE_PORT']}` });
    const token = await readFile(join(options.home, '.config', 'throughline', 'token'), 'utf8');
    expect(gateway!.token).toBe(token.trim());
    const log = join(stateDirectoryOf(options.home), 'gateway-of-bridge.log');
    expect((await stat(log)).mode & 0o777).toBe(0o600);
    for (const bridge of both) {
      bridge.child.stdin.end();
      expect(await bridge.exited).toEqual({ code: 0, signal: null });
    }
    expect(await gatewaysOf(options.home)).toHaveLength(1);
  }, 120_000);

  it('S14: starts no server that nobody agreed to', async () => {
    const folder = join(options.home, '.config', 'throughline');
    const record = join(options.home, 'record');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), JSON.stringify({ mcpServers: { sly: workbenchStdio(record) } }));
    const bridge = start();
    await bridge.initialize();
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await bridge.answerTo(1)).result).toMatchObject({ tools: [] });
    await expect(readFile(record)).rejects.toThrow();
  }, 120_000);

  it('says why it could not be started, to its user and to the client', async () => {
    const folder = join(options.home, '.config', 'throughline');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), '{"mcpServers": {');
    const bridge = start();
    bridge.send(INITIALIZE);
    const { error } = await bridge.answerTo('initialize');
    expect(await bridge.exited).toEqual({ code: 1, signal: null });
    expect(bridge.stderr()).toBe(`throughline: ${error!.message}\n`);
    expect(error!.message).toContain('config.json');
  }, 120_000);

  it('--no-start ends it with one sentence instead', async () => {
    const { code, stdout, stderr } = await runCli(['bridge', '--no-start'], options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^throughline: No running gateway was found: [^\n]+ leave out --no-start [^\n]+\n$/);
    expect(await gatewaysOf(options.home)).toEqual([]);
  }, 60_000);

  it('--url that nothing answers ends it with one sentence', async () => {
    const url = `http://127.0.0.1:${options.env!['THROUGHLINE_PORT']}`;
    const args = ['bridge', '--url', url, '--token', 'sixteen-letters-'];
    const { code, stdout, stderr } = await runCli(args, options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^throughline: No gateway answers at ${url}: [^\\n]+\\n$`));
    expect((await runCli(['bridge', '--url', url], options)).stderr).toMatch(
      /^throughline: The token of .* is not known/,
    );
  }, 60_000);
});

describe('a bridge with a gateway', () => {
  it('is told of a wrong token, and so is the client', async () => {
    await start().initialize();
    const bridge = start('--token', 'wrong-token-of-16', '--no-start');
    bridge.send(INITIALIZE);
    expect((await bridge.answerTo('initialize')).error!.message).toMatch(/refused the token/);
    expect(await bridge.exited).toEqual({ code: 1, signal: null });
    expect(bridge.stderr()).toMatch(/^throughline: The gateway at \S+ refused the token: [^\n]+\n$/);
  }, 120_000);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends its session and itself with code 0 on %s',
    async (signal) => {
      const bridge = start();
      await bridge.initialize();
      bridge.child.kill(signal);
      expect(await bridge.exited).toEqual({ code: 0, signal: null });
      expect(bridge.stderr()).toBe('');
    },
    120_000,
  );

  it('answers everything that was sent before its input ended', async () => {
    const bridge = start();
    bridge.send(INITIALIZE, { jsonrpc: '2.0', method: 'notifications/initialized' });
    for (let id = 1; id <= 20; id += 1) bridge.send({ jsonrpc: '2.0', id, method: 'tools/list' });
    bridge.child.stdin.end();
    expect(await bridge.exited).toEqual({ code: 0, signal: null });
    expect(bridge.messages()).toHaveLength(21);
    expect(bridge.stderr()).toBe('');
  }, 120_000);

  it('ends when its client reads no more', async () => {
    const bridge = start();
    await bridge.initialize();
    bridge.child.stdout.destroy();
    bridge.send(toolCall(1, 'nothing'));
    expect(await bridge.exited).toEqual({ code: 0, signal: null });
  }, 120_000);
});

describe('the gateway that a bridge started', () => {
  it('is started again under a bridge that goes on, once it is gone for a while', async () => {
    const bridge = start();
    await bridge.initialize();
    const [first] = await gatewaysOf(options.home);
    process.kill(first!.pid, 'SIGKILL');
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await bridge.answerTo(1)).result).toMatchObject({ tools: [] });
    const second = await eventually('another runs', async () => (await gatewaysOf(options.home))[0] ?? null);
    expect(second.pid).not.toBe(first!.pid);
  }, 120_000);
});
