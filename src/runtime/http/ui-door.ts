import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ReportFailure } from '../log.ts';
import type { HttpDoor } from './http-door.ts';
import { findPageFile } from './page-files.ts';
import { sendError, sendMethodNotAllowed } from './replies.ts';

const PAGE_PATH = /^\/(?:index\.html|favicon\.(?:ico|svg|png)|assets\/.+)?$/;

export interface UiDoorOptions {
  /** Directory of the built page. */
  readonly rendererDir: string;
  readonly report: ReportFailure;
}

/** True for the page's own files: they hold no data and need no token. */
export function isPageFile(method: string, path: string): boolean {
  return (method === 'GET' || method === 'HEAD') && PAGE_PATH.test(path);
}

/** Serves the built page, and nothing else of the disk. */
export function createUiDoor(options: UiDoorOptions): HttpDoor {
  return {
    handle(request, response, url) {
      if (!PAGE_PATH.test(url.pathname)) return false;
      if (!isPageFile(request.method ?? '', url.pathname)) {
        sendMethodNotAllowed(response, url.pathname, ['GET', 'HEAD']);
        return true;
      }
      const withBody = request.method === 'GET';
      const host = request.headers.host ?? '';
      sendFile(response, options.rendererDir, url.pathname, host, withBody).catch((thrown: unknown) => {
        // A reader that went away mid-file is its own affair.
        if (response.destroyed) return;
        options.report('Serving the page', thrown);
        sendError(response, url.pathname, 500, 'The page could not be read: the log says why.');
      });
      return true;
    },
  };
}

/**
 * Scripts and connections only of our own origin, nothing inline that runs, no frame around the page (S7). Inline styles
 * are allowed because positions of virtualised rows are set that way.
 */
export function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function sendFile(
  response: ServerResponse,
  rendererDir: string,
  path: string,
  host: string,
  withBody: boolean,
): Promise<void> {
  const isIndex = path === '/' || path === '/index.html';
  const file = await findPageFile(rendererDir, isIndex ? '/index.html' : path);
  if (file === null) {
    if (isIndex) sendError(response, path, 503, 'The page has not been built: run "npm run build" first.');
    else sendError(response, path, 404, 'There is nothing at this address.');
    return;
  }
  response.writeHead(200, {
    'Content-Type': file.mediaType,
    'Content-Length': file.bytes,
    // Built assets carry their hash in their name; everything else may change with the next build.
    'Cache-Control': path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
    'Content-Security-Policy': contentSecurityPolicy(host),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  if (withBody) await pipeline(createReadStream(file.path), response);
  else response.end();
}
