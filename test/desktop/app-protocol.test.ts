import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAppScheme, setupAppProtocol } from '../../src/desktop/app-protocol.ts';
import { contentSecurityPolicy } from '../../src/desktop/csp.ts';
import { createElectronDouble } from '../support/electron-double.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-page-'));
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'renderer', 'assets', 'page.js'), 'export {};');
  await writeFile(join(folder, 'renderer', 'notes.txt'), 'not of the page');
  await writeFile(join(folder, 'outside.html'), 'secret');
  await symlink(join(folder, 'outside.html'), join(folder, 'renderer', 'link.html'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function get(url: string, method = 'GET'): Promise<Response> {
  const double = createElectronDouble();
  double.becomesReady();
  setupAppProtocol(double.electron.protocol, join(folder, 'renderer'));
  return double.fetchPage(new Request(url, { method }));
}

describe('the app scheme', () => {
  it('S28: is a secure origin of its own, registered before the app is ready', () => {
    const double = createElectronDouble();
    registerAppScheme(double.electron.protocol);
    expect(double.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  });

  it.each([
    ['app://throughline/', 'text/html; charset=utf-8', '<!doctype html><title>page</title>'],
    ['app://throughline/index.html#trace', 'text/html; charset=utf-8', '<!doctype html><title>page</title>'],
    ['app://throughline/assets/page.js', 'text/javascript; charset=utf-8', 'export {};'],
  ])('serves %s', async (url, mediaType, text) => {
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(mediaType);
    expect(await response.text()).toBe(text);
  });

  it.each([
    'app://throughline/..%2Foutside.html',
    'app://throughline/assets/..%2F..%2Foutside.html',
    'app://throughline/%2e%2e/outside.html',
    'app://throughline/..%5Coutside.html',
    'app://throughline/link.html',
    'app://throughline/notes.txt',
    'app://throughline/assets',
    'app://throughline/missing.js',
    'app://throughline/%00.html',
    'app://throughline/%zz.html',
  ])('S28: %s gives nothing of the disk', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  it.each([
    ['app://elsewhere/index.html', 'GET'],
    ['app://throughline/index.html', 'POST'],
  ])('refuses %s by %s', async (url, method) => {
    expect((await get(url, method)).status).toBe(403);
  });

  it.each(['app://throughline/', 'app://throughline/missing.js', 'app://elsewhere/'])(
    'S7: the content security policy is on every answer, also to %s',
    async (url) => {
      const { headers } = await get(url);
      expect(headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy());
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    },
  );
});
