import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findLiveGateways,
  removeStateFile,
  stateDirectory,
  writeStateFile,
  type GatewayState,
} from '../../src/runtime/state-file.ts';

let root = '';
let directory = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-state-'));
  directory = join(root, 'state', 'throughline');
});
afterEach(() => rm(root, { recursive: true }));

function state(overrides: Partial<GatewayState> = {}): GatewayState {
  return {
    url: 'http://127.0.0.1:4820',
    token: 'a-token-of-enough-length',
    ingestToken: null,
    pid: process.pid,
    startedAt: '2026-01-01T00:00:00.000Z',
    operatorSecret: null,
    isUnattended: false,
    ...overrides,
  };
}

describe('the state file', () => {
  it('S26, R102: is for the user only, and so is its directory', async () => {
    const file = await writeStateFile(directory, 4820, state());
    expect(file).toBe(join(directory, 'gateway-4820.json'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('S26: replaces one that others could read, and leaves no draft behind', async () => {
    await writeStateFile(directory, 4820, state());
    const file = join(directory, 'gateway-4820.json');
    await rm(file);
    await writeFile(file, 'old', { mode: 0o644 });
    await writeStateFile(directory, 4820, state({ token: 'another-token-of-length' }));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ token: 'another-token-of-length' });
    expect(await readdir(directory)).toEqual(['gateway-4820.json']);
  });

  it('is removed, and removing it twice is fine', async () => {
    const file = await writeStateFile(directory, 4820, state());
    await removeStateFile(file);
    await removeStateFile(file);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('findLiveGateways', () => {
  it('gives the newest first and leaves out those whose process ended', async () => {
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    await writeStateFile(directory, 1, state({ url: 'http://127.0.0.1:1', startedAt: '2026-01-01T00:00:00.000Z' }));
    await writeStateFile(directory, 2, state({ url: 'http://127.0.0.1:2', startedAt: '2026-01-03T00:00:00.000Z' }));
    await writeStateFile(directory, 3, state({ url: 'http://127.0.0.1:3', pid: ended.pid ?? 0 }));
    const found = await findLiveGateways(directory);
    expect(found.map((gateway) => gateway.url)).toEqual(['http://127.0.0.1:2', 'http://127.0.0.1:1']);
  });

  it('passes over files that are damaged or not its own, and a directory that is not there', async () => {
    expect(await findLiveGateways(directory)).toEqual([]);
    await writeStateFile(directory, 1, state());
    await writeFile(join(directory, 'gateway-2.json'), '{');
    await writeFile(join(directory, 'gateway-3.json'), '{"url": "https://evil.test", "token": "t", "pid": 1}');
    await writeFile(join(directory, 'notes.json'), JSON.stringify(state()));
    expect(await findLiveGateways(directory)).toHaveLength(1);
  });
});

describe('stateDirectory', () => {
  it('is our own variable, else under the XDG state directory, else under the home directory', () => {
    expect(stateDirectory({ THROUGHLINE_STATE_DIR: '/x', XDG_STATE_HOME: '/y' })).toBe('/x');
    expect(stateDirectory({ XDG_STATE_HOME: '/y' })).toBe('/y/throughline');
    expect(stateDirectory({ THROUGHLINE_STATE_DIR: '', XDG_STATE_HOME: 'relative' })).toMatch(
      /\.local\/state\/throughline$/,
    );
    expect(stateDirectory({})).toMatch(/^\/.*\.local\/state\/throughline$/);
  });
});
