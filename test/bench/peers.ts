import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { benchScript, httpCaller, sseCaller, type Caller } from './callers.ts';
import { installBeside, type Installed } from './install.ts';

/** Another program that stands between an HTTP client and a stdio server. */
export interface Peer {
  readonly name: string;
  /** Name of the echo tool behind it. */
  readonly tool: string;
  /** Arguments for Node: the program and how to run it before the echo server. */
  command(port: number): readonly string[];
  /** Whether it takes calls now; its port is open. */
  isReady(port: number): Promise<boolean>;
  open(port: number, connections: number): Promise<Caller>;
}

/** Exact, so that figures of different days are about the same programs. */
const VERSIONS = { 'mcp-hub': '4.2.1', 'mcp-proxy': '6.7.19', supergateway: '4.0.0' } as const;

/**
 * Installs the peers beside the project unless they are there. Answers with none when they cannot be had; the bench then
 * compares with what it has.
 */
export async function installPeers(report: (line: string) => void): Promise<readonly Peer[]> {
  const installed = await installBeside('bench-peers', VERSIONS, report);
  return installed === null ? [] : [mcpHub(installed), mcpProxy(installed), supergateway(installed)];
}

function mcpHub(installed: Installed): Peer {
  return {
    name: `mcp-hub ${VERSIONS['mcp-hub']}`,
    tool: 'echo__echo',
    command(port) {
      const file = join(mkdtempSync(join(tmpdir(), 'throughline-bench-')), 'hub.json');
      const echo = { command: process.execPath, args: [benchScript('echo-stdio-server.ts')] };
      writeFileSync(file, JSON.stringify({ mcpServers: { echo } }));
      return [installed.path('mcp-hub/dist/cli.js'), '--port', String(port), '--config', file];
    },
    // It answers nothing to a client that comes while it connects its servers.
    isReady: async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null);
      return response?.ok === true && (await response.text()).includes('"status":"connected"');
    },
    open: (port, connections) => sseCaller(`http://127.0.0.1:${port}/mcp`, connections),
  };
}

function mcpProxy(installed: Installed): Peer {
  return {
    name: `mcp-proxy ${VERSIONS['mcp-proxy']}`,
    tool: 'echo',
    command: (port) => [
      installed.path('mcp-proxy/dist/bin/mcp-proxy.mjs'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--',
      process.execPath,
      benchScript('echo-stdio-server.ts'),
    ],
    isReady: () => Promise.resolve(true),
    open: (port, connections) => httpCaller(`http://127.0.0.1:${port}/mcp`, connections, null),
  };
}

function supergateway(installed: Installed): Peer {
  return {
    name: `supergateway ${VERSIONS.supergateway}`,
    tool: 'echo',
    command: (port) => [
      installed.path('supergateway/dist/index.js'),
      '--stdio',
      `${process.execPath} ${benchScript('echo-stdio-server.ts')}`,
      '--outputTransport',
      'streamableHttp',
      '--stateful',
      '--logLevel',
      'none',
      '--port',
      String(port),
    ],
    isReady: () => Promise.resolve(true),
    open: (port, connections) => httpCaller(`http://127.0.0.1:${port}/mcp`, connections, null),
  };
}

export interface RunningPeer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const POLL_MS = 5;

/** Starts a peer and waits until it takes calls. */
export async function startPeer(peer: Peer): Promise<RunningPeer> {
  const port = await freePort();
  const child = spawn(process.execPath, peer.command(port), {
    stdio: 'ignore',
    detached: true,
    // What it keeps in the user's home does not belong to a measurement.
    env: { ...process.env, HOME: mkdtempSync(join(tmpdir(), 'throughline-bench-')), XDG_STATE_HOME: '' },
  });
  const stop = (): Promise<void> => endGroup(child);
  const deadline = performance.now() + START_LIMIT_MS;
  while (!((await isOpen(port)) && (await peer.isReady(port)))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${peer.name} did not start.`);
    }
    await pause(POLL_MS);
  }
  return { pid: child.pid ?? 0, port, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** The group, since some start a shell or a server of their own. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await exited;
}
