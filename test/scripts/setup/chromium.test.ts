import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../../../scripts/setup/chromium.mjs';
import { writeShellScript } from '../../support/shell-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-chromium-'));
  vi.stubEnv('THROUGHLINE_CHROMIUM', '');
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('PLAYWRIGHT_BROWSERS_PATH', join(folder, 'playwright'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function program(...segments: string[]): Promise<string> {
  const path = join(folder, ...segments);
  await mkdir(join(path, '..'), { recursive: true });
  return writeShellScript(path, '');
}

describe('finding a Chromium', () => {
  it('takes the one that THROUGHLINE_CHROMIUM names before any other', async () => {
    await program('bin', 'chromium');
    const named = await program('elsewhere', 'my-chromium');
    vi.stubEnv('THROUGHLINE_CHROMIUM', named);
    expect(findChromium()).toBe(named);
  });

  it('says in one sentence when THROUGHLINE_CHROMIUM names nothing that runs', () => {
    vi.stubEnv('THROUGHLINE_CHROMIUM', join(folder, 'absent'));
    expect(() => findChromium()).toThrow(/^THROUGHLINE_CHROMIUM names .*absent, which is not a program/);
  });

  it('takes one on PATH, by any of its names', async () => {
    const chrome = await program('bin', 'google-chrome');
    expect(findChromium()).toBe(chrome);
    const chromium = await program('bin', 'chromium');
    expect(findChromium()).toBe(chromium);
  });

  it("takes the newest of Playwright's own", async () => {
    await program('playwright', 'chromium-999', 'chrome-linux', 'chrome');
    const newest = await program('playwright', 'chromium-1200', 'chrome-linux', 'chrome');
    await program('playwright', 'firefox-2000', 'chrome-linux', 'chrome');
    expect(findChromium()).toBe(newest);
  });

  it('finds none where there is none, or none that may be run', async () => {
    expect(findChromium()).toBeNull();
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin', 'chromium'), 'not a program', { mode: 0o644 });
    expect(findChromium()).toBeNull();
  });
});
