/** The page's own scheme: not `file:`, which would give a page the disk, and not `http:`, which others can serve (S28). */
export const APP_SCHEME = 'app';
const APP_HOST = 'throughline';

export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const APP_PAGE_URL = `${APP_ORIGIN}/index.html`;

/** True for an address of our own page; a port, a user name or a longer host make it another's. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === `${APP_SCHEME}:` &&
    url.host === APP_HOST &&
    url.username === '' &&
    url.password === ''
  );
}
