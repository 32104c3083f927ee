import { readFile } from 'node:fs/promises';
import type { Protocol } from 'electron';
import { findPageFile } from '../runtime/http/page-files.ts';
import { APP_SCHEME, isAppUrl } from './app-origin.ts';
import { contentSecurityPolicy } from './csp.ts';

/** Makes `app:` behave like `https:`: an origin of its own and a secure context. Only works before the app is ready. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the built page, and nothing else of the disk, under `app:`. */
export function setupAppProtocol(protocol: Pick<Protocol, 'handle'>, rendererDir: string): void {
  const locks = {
    'Content-Security-Policy': contentSecurityPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
  const refuse = (status: number, sentence: string): Response =>
    new Response(sentence, { status, headers: { ...locks, 'Content-Type': 'text/plain; charset=utf-8' } });

  protocol.handle(APP_SCHEME, async ({ method, url }) => {
    if (method !== 'GET' || !isAppUrl(url)) return refuse(403, 'Only the page may be read here.');
    const { pathname } = new URL(url);
    const file = await findPageFile(rendererDir, pathname === '/' ? '/index.html' : pathname);
    if (file === null) return refuse(404, 'There is nothing at this address.');
    const body = new Uint8Array(await readFile(file.path));
    return new Response(body, { headers: { ...locks, 'Content-Type': file.mediaType } });
  });
}
