const SCHEME = 'throughline:';

/** A server's resource under a URI that no other server can have. Templates can be wrapped in the same way. */
export function wrapUri(prefix: string, uri: string): string {
  return `${SCHEME}${prefix}:${uri}`;
}

/** True for the URIs that `wrapUri` makes, and for those that look like them. */
export function isWrapped(uri: string): boolean {
  return uri.startsWith(SCHEME);
}

/** The other way round; null for any other URI. Prefixes have no colon. */
export function unwrapUri(uri: string): { readonly prefix: string; readonly uri: string } | null {
  if (!isWrapped(uri)) return null;
  const end = uri.indexOf(':', SCHEME.length);
  if (end === -1) return null;
  return { prefix: uri.slice(SCHEME.length, end), uri: uri.slice(end + 1) };
}

/** `file:` of `file:///etc`; empty where there is none. */
export function schemeOf(uri: string): string {
  return uri.slice(0, uri.indexOf(':') + 1);
}
