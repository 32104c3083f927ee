import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserCommands, startFirst, type Desktop } from '../../src/cli/browser.ts';
import { eventually } from '../support/eventually.ts';

const UI = 'http://127.0.0.1:4820/#code=abc';
const person: Desktop = { platform: 'linux', environment: { DISPLAY: ':0' }, userId: 1000 };

function names(address: string, desktop: Desktop): string[] {
  return browserCommands(address, desktop).map(({ command }) => command);
}

describe('opening the page', () => {
  it('tries windows of their own first, then the default browser', () => {
    expect(browserCommands(UI, person)).toEqual([
      { command: 'chromium', args: [`--app=${UI}`] },
      { command: 'chromium-browser', args: [`--app=${UI}`] },
      { command: 'google-chrome', args: [`--app=${UI}`] },
      { command: 'google-chrome-stable', args: [`--app=${UI}`] },
      { command: 'xdg-open', args: [UI] },
    ]);
    expect(names(UI, { ...person, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toHaveLength(5);
    expect(names(UI, { ...person, platform: 'darwin', environment: {} })).toEqual(['open']);
    expect(names(UI, { ...person, platform: 'win32', environment: {}, userId: null })).toEqual(['rundll32']);
  });

  it('is left out without a display and as root', () => {
    expect(names(UI, { ...person, environment: {} })).toEqual([]);
    expect(names(UI, { ...person, environment: { DISPLAY: '' } })).toEqual([]);
    expect(names(UI, { ...person, userId: 0 })).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://evil.test/',
    'http://evil.test/',
    'http://127.0.0.1.evil.test/',
    '--help',
    'x; touch /tmp/x',
    '',
  ])('S8: is refused for %s', (address) => {
    expect(names(address, person)).toEqual([]);
  });

  it('S8, S18: starts the first that exists and lets no shell read the address', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'throughline-browser-'));
    const file = join(directory, 'seen');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, process.argv[1])`;
    const address = 'http://127.0.0.1:1/#$(touch oops)`touch oops`;&|';
    const started = await startFirst([
      { command: join(directory, 'no-such-browser'), args: [address] },
      { command: process.execPath, args: ['-e', script, address] },
    ]);
    expect(started).toBe(true);
    const seen = await eventually('the address arrived', () => readFile(file, 'utf8').catch(() => null));
    expect(seen).toBe(address);
    await rm(directory, { recursive: true });
  });

  it('says so when there is nothing to start', async () => {
    expect(await startFirst([])).toBe(false);
    expect(await startFirst([{ command: '/no/such/browser', args: [] }])).toBe(false);
  });
});
