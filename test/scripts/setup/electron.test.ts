import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureElectron } from '../../../scripts/setup/electron.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;
const HANGS = `require('node:fs').appendFileSync(__dirname + '/tries', 'x'); setTimeout(() => {}, 600000);`;
const FAILS = `require('node:fs').appendFileSync(__dirname + '/tries', 'x'); process.exit(1);`;
const SUCCEEDS = `
  const fs = require('node:fs');
  fs.mkdirSync(__dirname + '/dist');
  fs.writeFileSync(__dirname + '/dist/version', '45.0.0');
  fs.writeFileSync(__dirname + '/dist/electron', '');
  fs.writeFileSync(__dirname + '/path.txt', 'electron');
`;

let folder: string;
let failureRecord: string;
const lines: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-electron-'));
  failureRecord = join(folder, 'cache', 'electron-unavailable.json');
  await writeFile(join(folder, 'package.json'), '{"version":"45.0.0"}');
  lines.length = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function ensure(install: string, options: { deadlineMs?: number; retry?: boolean } = {}): Promise<string | null> {
  await writeFile(join(folder, 'install.js'), install);
  return ensureElectron({ folder, failureRecord, retry: false, ...options });
}

async function tries(): Promise<number> {
  return existsSync(join(folder, 'tries')) ? (await readFile(join(folder, 'tries'), 'utf8')).length : 0;
}

describe('having the Electron binary', () => {
  it('downloads it once and says nothing', async () => {
    const binary = join(folder, 'dist', 'electron');
    expect(await ensure(SUCCEEDS)).toBe(binary);
    expect(await ensure('process.exit(1)')).toBe(binary);
    expect(lines).toEqual([]);
  });

  it('says in one line that it cannot be had, and does not try again the next time', async () => {
    expect(await ensure(FAILS)).toBeNull();
    expect(await ensure(FAILS)).toBeNull();
    expect(await tries()).toBe(1);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^throughline: no Electron binary \([^\n]+\n$/);
  });

  it('gives up a download that takes too long', async () => {
    expect(await ensure(HANGS, { deadlineMs: 1000 })).toBeNull();
    expect(lines).toEqual([expect.stringContaining('its download took too long')]);
  });

  it('tries again when asked to', async () => {
    await ensure(FAILS);
    await ensure(FAILS, { retry: true });
    expect(await tries()).toBe(2);
  });

  it.each([
    ['a week has passed', { version: '45.0.0', time: new Date(Date.now() - 8 * DAY_MS).toISOString() }],
    ['another version is wanted', { version: '44.0.0', time: new Date().toISOString() }],
  ])('tries again when %s', async (_why, record) => {
    await mkdir(join(folder, 'cache'));
    await writeFile(failureRecord, JSON.stringify(record));
    await ensure(FAILS);
    expect(await tries()).toBe(1);
  });

  it('tries again when the record of the failure is damaged', async () => {
    await mkdir(join(folder, 'cache'));
    await writeFile(failureRecord, '{');
    await ensure(FAILS);
    expect(await tries()).toBe(1);
  });

  it('does not take the binary of another version', async () => {
    await ensure(SUCCEEDS);
    await writeFile(join(folder, 'package.json'), '{"version":"46.0.0"}');
    expect(await ensure(FAILS)).toBeNull();
  });
});
