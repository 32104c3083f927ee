import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** A file of the built page. */
export interface PageFile {
  /** Real path, links resolved. */
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/**
 * The file that an address's path names, or null for whatever is not a regular file of a known type inside the
 * directory, links out of it included.
 */
export async function findPageFile(rendererDir: string, path: string): Promise<PageFile | null> {
  const mediaType = MEDIA_TYPES[extname(path)];
  if (mediaType === undefined) return null;
  try {
    const root = await realpath(rendererDir);
    const real = await realpath(join(root, decodeURIComponent(path)));
    if (!real.startsWith(root + sep)) return null;
    const info = await stat(real);
    return info.isFile() ? { path: real, mediaType, bytes: info.size } : null;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** No such file, a name no file can have, or an escape that does not decode: all the same to who asked. */
function isMissing(thrown: unknown): boolean {
  if (thrown instanceof URIError) return true;
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(code);
}
