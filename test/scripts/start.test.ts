import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPage, pageTokenOf } from '../support/page.ts';

const START = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs');

let home: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'throughline-start-'));
});

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

interface Start {
  readonly child: ChildProcess;
  /** All of stdout and stderr so far. */
  readonly text: () => string;
  /** The address on the line `Open: URL`; rejects when the start ends without one. */
  readonly opened: Promise<string>;
  readonly ended: Promise<number | null>;
}

/** `npm start` as npm runs it, for somebody without a display, a token or a config of their own. */
function start(...args: readonly string[]): Start {
  const child = spawn(process.execPath, [START, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let text = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const opened = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const [, url] = /^Open: (http\S+)\n/m.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => {
      reject(new Error(`It ended:\n${text}`));
    });
  });
  // A test that expects the end does not ask for the address.
  opened.catch(() => undefined);
  return { child, text: () => text, opened, ended };
}

describe('npm start without a display', () => {
  it('prints where clients connect and the address of a page that may manage', async () => {
    const app = start('--port', '0');
    const url = await app.opened;
    const { origin } = new URL(url);
    expect(app.text()).toContain(`MCP endpoint  ${origin}/mcp\n`);
    expect(app.text()).toContain(join(home, '.config', 'throughline', 'token'));
    const page = await openPage(origin, await pageTokenOf(url));
    expect(await page.client.app.info()).toMatchObject({ host: 'headless', canManage: true });
    page.close();
  });

  it('says in at most one line that there is no Electron binary', async () => {
    const app = start('--port', '0');
    await app.opened;
    expect(app.text().match(/Electron/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(app.text().match(/^.*Electron.*$/gm)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it('S27: never prints the token', async () => {
    const app = start('--port', '0');
    await app.opened;
    const token = (await readFile(join(home, '.config', 'throughline', 'token'), 'utf8')).trim();
    expect(token.length).toBeGreaterThan(20);
    expect(app.text()).not.toContain(token);
  });

  it('S26: keeps its files to this user, and the token over restarts', async () => {
    const folder = join(home, '.config', 'throughline');
    const first = start('--port', '0');
    await first.opened;
    const token = await readFile(join(folder, 'token'), 'utf8');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of ['token', 'config.json']) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    first.child.kill('SIGINT');
    await first.ended;
    const second = start('--port', '0');
    await second.opened;
    expect(await readFile(join(folder, 'token'), 'utf8')).toBe(token);
  });

  it('started again while it runs, it opens the page of the running one', async () => {
    const first = start('--port', '0');
    const { origin } = new URL(await first.opened);
    const second = start();
    expect(await second.ended).toBe(0);
    expect(second.text()).toContain('Throughline is already running.');
    const url = await second.opened;
    expect(new URL(url).origin).toBe(origin);
    const page = await openPage(origin, await pageTokenOf(url));
    expect(await page.client.app.info()).toMatchObject({ canManage: true });
    page.close();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends all of it and leaves nothing behind', async (signal) => {
    const app = start('--port', '0');
    const { origin } = new URL(await app.opened);
    app.child.kill(signal);
    expect(await app.ended).toBe(0);
    await expect(fetch(`${origin}/health`)).rejects.toThrow();
    expect(await readdir(join(home, '.local', 'state', 'throughline'))).toEqual([]);
  });

  it('killed at once, it takes the gateway with it', async () => {
    const app = start('--port', '0');
    const { origin } = new URL(await app.opened);
    app.child.kill('SIGKILL');
    await app.ended;
    expect(existsSync(join(home, '.config', 'throughline', 'token'))).toBe(true);
    await expect(fetch(`${origin}/health`)).rejects.toThrow();
  });

  it('says in one sentence that the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const app = start('--port', String(port));
    expect(await app.ended).toBe(1);
    expect(app.text()).toMatch(new RegExp(`^throughline: Port ${port} is in use\\.`, 'm'));
    server.close();
  });

  it('says in one sentence how it is used', async () => {
    const app = start('--prot', '1');
    expect(await app.ended).toBe(1);
    expect(app.text()).toBe('throughline: Use "npm start", or "npm start -- --port N" to choose the port.\n');
  });
});
