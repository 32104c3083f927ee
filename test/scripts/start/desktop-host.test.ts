import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDesktop } from '../../../scripts/start/desktop-host.mjs';
import { writeShellScript } from '../../support/shell-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-desktop-host-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A program in Electron's place that does what the script says. */
function electron(script: string): Promise<string> {
  return writeShellScript(join(folder, 'electron'), script);
}

describe('running the app in Electron', () => {
  it('starts the built main module, as Electron and not as plain Node, on the chosen port', async () => {
    vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
    const seen = join(folder, 'seen');
    const binary = await electron(`echo "$1 [$ELECTRON_RUN_AS_NODE] $THROUGHLINE_PORT" > ${seen}`);
    expect(await runDesktop(binary, '5000')).toBe(0);
    expect(await readFile(seen, 'utf8')).toMatch(/\/dist\/desktop\/main\.js \[\] 5000\n$/);
  });

  it('ends with its exit code', async () => {
    expect(await runDesktop(await electron('exit 1'), null)).toBe(1);
  });

  it.each([
    ['a library is missing', 'exit 127'],
    ['the system does not let it have its sandbox', 'kill -TRAP $$'],
  ])('tells that it cannot run here when %s', async (_why, script) => {
    expect(await runDesktop(await electron(script), null)).toBeNull();
  });

  it('tells that it cannot run here when the binary cannot even be started', async () => {
    const path = join(folder, 'electron');
    await writeFile(path, 'no program', { mode: 0o644 });
    expect(await runDesktop(path, null)).toBeNull();
  });
});
