import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDoors, TOKEN, type DoorsUnderTest } from '../../support/headless-doors.ts';
import { sendRaw, type RawReply } from '../../support/raw-http.ts';

let doors: DoorsUnderTest;

beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors.stop());

/** Paths as they are written here: a URL parser would resolve the dots before they are sent. */
function getRaw(path: string): Promise<RawReply> {
  return sendRaw(doors.port, [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${doors.port}`, 'Connection: close']);
}

describe('the page', () => {
  it.each(['/', '/index.html'])('is served at %s without a token, never cached', async (path) => {
    const response = await fetch(doors.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('<title>page</title>');
  });

  it('S7: comes with a policy that runs no inline script and connects to nobody else', async () => {
    const response = await fetch(`${doors.origin}/`);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        `connect-src 'self' ws://127.0.0.1:${doors.port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('S27: holds no token', async () => {
    const texts = await Promise.all(
      ['/', '/assets/app-1a2b.js'].map(async (path) => (await fetch(doors.origin + path)).text()),
    );
    expect(texts.join('')).not.toContain(TOKEN);
  });

  it('serves assets with their type and answers HEAD without a body', async () => {
    const response = await fetch(`${doors.origin}/assets/app-1a2b.js`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('content-length')).toBe('10');
    expect(await response.text()).toBe('');
  });

  it('answers 404 for an asset that does not exist', async () => {
    expect((await fetch(`${doors.origin}/assets/missing.js`)).status).toBe(404);
  });

  it.each([
    '/assets/../../private.js',
    '/assets/%2e%2e/%2e%2e/private.js',
    '/assets/..%2f..%2fprivate.js',
    '/assets/..%2F..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    '/assets/..%5c..%5cprivate.js',
    '/assets//private.js',
    '/assets/app-1a2b.js%00.js',
    '/assets/%E0%A4%A',
    '/assets/',
    '/assets',
    '/assets/.',
    '/assets/%2e',
  ])('gives nothing of the disk for %s', async (path) => {
    const reply = await getRaw(path);
    expect([401, 404]).toContain(reply.status);
    expect(reply.body).not.toMatch(/not for anyone|root:/);
  });

  it('follows no link out of its directory', async () => {
    await symlink(join(doors.directory, 'private.js'), join(doors.directory, 'renderer', 'assets', 'link.js'));
    await symlink(doors.directory, join(doors.directory, 'renderer', 'assets', 'up'));
    expect((await fetch(`${doors.origin}/assets/link.js`)).status).toBe(404);
    expect((await fetch(`${doors.origin}/assets/up/private.js`)).status).toBe(404);
  });

  it('says what to do when it was not built', async () => {
    const unbuilt = await startDoors();
    await rm(join(unbuilt.directory, 'renderer'), { recursive: true });
    const response = await fetch(`${unbuilt.origin}/`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: { message: 'The page has not been built: run "npm run build" first.' },
    });
    await unbuilt.stop();
  });
});
