import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFirst, windowCommands } from '../../../scripts/start/browser-window.mjs';
import { writeShellScript } from '../../support/shell-script.ts';

const PAGE = 'http://127.0.0.1:4820/#code=abc';
const PERSON = { platform: 'linux', environment: { DISPLAY: ':0' }, userId: 1000 } as const;

describe('what could show the page', () => {
  it('is a window of its own with its own profile, else the default browser', () => {
    const commands = windowCommands(PAGE, '/profile', PERSON);
    const [first] = commands;
    expect(first?.args).toEqual([
      `--app=${PAGE}`,
      '--user-data-dir=/profile',
      '--window-size=1440,900',
      '--no-first-run',
      '--no-default-browser-check',
    ]);
    expect(commands.at(-1)).toEqual({ command: 'xdg-open', args: [PAGE] });
  });

  it('never runs without the sandbox', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const machine = { platform, environment: { DISPLAY: ':0', PROGRAMFILES: 'C:\\Programs' }, userId: null };
      const commands = windowCommands(PAGE, '/profile', machine);
      expect(commands.length).toBeGreaterThan(1);
      expect(JSON.stringify(commands)).not.toContain('no-sandbox');
    }
  });

  it('is nothing where there is no display, and nothing as root', () => {
    expect(windowCommands(PAGE, '/profile', { ...PERSON, environment: {} })).toEqual([]);
    expect(windowCommands(PAGE, '/profile', { ...PERSON, userId: 0 })).toEqual([]);
  });

  it.each(['https://127.0.0.1/', 'http://example.com/', 'file:///etc/passwd', 'http://127.0.0.1.evil.example/'])(
    'S8: is nothing for %s',
    (address) => {
      expect(windowCommands(address, '/profile', PERSON)).toEqual([]);
    },
  );
});

describe('opening it', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-window-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function browser(name: string, script: string): Promise<{ command: string; args: string[] }> {
    const logged = `echo ${name} "$@" >> ${join(folder, 'log')}\n${script}`;
    return { command: await writeShellScript(join(folder, name), logged), args: ['page'] };
  }

  const log = (): Promise<string> => readFile(join(folder, 'log'), 'utf8');

  it('passes over what is not there and what fails, and stays with the first that works', async () => {
    const commands = [
      { command: join(folder, 'absent'), args: ['page'] },
      await browser('fails', 'exit 1'),
      await browser('stays', 'exec sleep 600'),
      await browser('not-needed', ''),
    ];
    const window = await openFirst(commands, { failsWithinMs: 4000 });
    expect(window).not.toBeNull();
    expect(await log()).toBe('fails page\nstays page\n');
    await window?.stop();
  });

  it('takes one that hands the page to a running browser and ends as having worked', async () => {
    const commands = [await browser('hands-over', 'exit 0'), await browser('not-needed', '')];
    const window = await openFirst(commands, { failsWithinMs: 10_000 });
    expect(await log()).toBe('hands-over page\n');
    await window?.stop();
  });

  it('finds nothing where nothing works', async () => {
    expect(await openFirst([await browser('fails', 'exit 1')], { failsWithinMs: 10_000 })).toBeNull();
    expect(await openFirst([])).toBeNull();
  });
});
