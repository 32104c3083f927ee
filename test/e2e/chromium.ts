import { chromium, type Browser } from 'playwright-core';

const CHROMIUM_ARGS = [
  // The tests may run as root, where Chromium has no sandbox to offer. Only here: nobody browses with this one.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface ChromiumFinder {
  findChromium(): string | null;
}

/** Starts the Chromium that the set-up found, or the one it would find. */
export async function launchChromium(): Promise<Browser> {
  const finder = new URL('../../scripts/setup/chromium.mjs', import.meta.url).href;
  const { findChromium } = (await import(finder)) as ChromiumFinder;
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error('No Chromium was found: run "npm test", which installs one, or set THROUGHLINE_CHROMIUM.');
  }
  return chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}
