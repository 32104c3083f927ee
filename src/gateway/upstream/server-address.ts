import type { ServerAddress } from '../observer.ts';

/** Of an HTTP server's address what may be told: no userinfo, no query. */
export function addressOf(url: string): ServerAddress {
  const parsed = new URL(url);
  const standardPort = parsed.protocol === 'https:' ? 443 : 80;
  return {
    host: parsed.hostname,
    port: parsed.port === '' ? standardPort : Number(parsed.port),
    path: parsed.pathname,
    url: parsed.origin + parsed.pathname,
  };
}
