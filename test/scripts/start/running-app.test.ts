import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findRunningApp, isForDesktop, pageAddress } from '../../../scripts/start/running-app.mjs';

const TOKEN = 'the-token-of-the-app';

let folder: string;
let server: Server;
let origin: string;
const requests: { path: string; token: string | undefined; body: string }[] = [];

beforeEach(async () => {
  vi.stubEnv('THROUGHLINE_TOKEN', '');
  folder = await mkdtemp(join(tmpdir(), 'throughline-running-'));
  await mkdir(join(folder, 'state'));
  requests.length = 0;
  server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const token = request.headers.authorization;
      requests.push({ path: request.url ?? '', token, body: Buffer.concat(chunks).toString() });
      response.end(JSON.stringify({ ui: `${origin}/#code=fresh` }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function keepToken(token: string): Promise<void> {
  await writeFile(join(folder, 'token'), `${token}\n`);
}

async function leaveState(port: number, state: object | string): Promise<void> {
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  await writeFile(join(folder, 'state', `gateway-${port}.json`), text);
}

const find = () => findRunningApp(folder, join(folder, 'state'));

describe('finding the app that already runs', () => {
  it('is the gateway with its token that answers', async () => {
    await keepToken(TOKEN);
    await leaveState(4820, { url: origin, token: TOKEN, pid: 1, operatorSecret: 'operator' });
    expect(await find()).toEqual({ url: origin, token: TOKEN, operatorSecret: 'operator', isUnattended: false });
    expect(requests).toMatchObject([{ path: '/health' }]);
  });

  it('knows one that a bridge started', async () => {
    await keepToken(TOKEN);
    await leaveState(4820, { url: origin, token: TOKEN, pid: 1, operatorSecret: 'operator', isUnattended: true });
    expect(await find()).toMatchObject({ isUnattended: true });
  });

  it.each([
    [{ operatorSecret: null, isUnattended: false }, true, true],
    [{ operatorSecret: 'operator', isUnattended: false }, true, false],
    [{ operatorSecret: 'operator', isUnattended: true }, true, true],
    [{ operatorSecret: null, isUnattended: false }, false, false],
    [{ operatorSecret: 'operator', isUnattended: true }, false, false],
  ])('%j, where a desktop app can be opened: %s, is left to the desktop app: %s', (running, canOpen, expected) => {
    expect(isForDesktop(running, canOpen)).toBe(expected);
  });

  it('is none before the app has run, and none when only another gateway runs', async () => {
    expect(await find()).toBeNull();
    await keepToken(TOKEN);
    await leaveState(4820, { url: origin, token: 'of-another-gateway', pid: 1 });
    expect(await find()).toBeNull();
    expect(requests).toEqual([]);
  });

  it('is none when its file has outlived it', async () => {
    await keepToken(TOKEN);
    await leaveState(4820, { url: origin, token: TOKEN, pid: 1 });
    await new Promise((resolve) => server.close(resolve));
    expect(await find()).toBeNull();
  });

  it.each([
    '',
    '{',
    'null',
    '{"url":"http://127.0.0.1:1"}',
    JSON.stringify({ url: 'http://elsewhere.example/', token: TOKEN }),
    JSON.stringify({ url: 'nonsense', token: TOKEN }),
  ])('passes over a state file that says %j', async (text) => {
    await keepToken(TOKEN);
    await leaveState(4820, text);
    expect(await find()).toBeNull();
  });

  it('asks it for a fresh page address, with what opens pages that may manage', async () => {
    expect(await pageAddress({ url: origin, token: TOKEN, operatorSecret: 'operator', isUnattended: false })).toBe(
      `${origin}/#code=fresh`,
    );
    await pageAddress({ url: origin, token: TOKEN, operatorSecret: null, isUnattended: false });
    expect(requests).toEqual([
      { path: '/api/open-code', token: `Bearer ${TOKEN}`, body: '{"operatorSecret":"operator"}' },
      { path: '/api/open-code', token: `Bearer ${TOKEN}`, body: '{}' },
    ]);
  });
});
