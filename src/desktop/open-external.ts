import type { Dialog, Shell } from 'electron';

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

export interface LinkOpenerOptions {
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  /** Told about a link that was refused or could not be opened. Gets no part of the address. */
  readonly report: (doing: string, thrown: unknown) => void;
}

/**
 * The only way out to the system's browser (S8): `https:`, or `http:` to this machine, after the person has seen which
 * host it is. Everything else is refused. While one question is open further links are dropped, so that a page cannot
 * bury the screen in questions.
 */
export function createLinkOpener({ shell, dialog, report }: LinkOpenerOptions): (address: string) => void {
  let asking = false;

  const ask = async (url: URL): Promise<void> => {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: `Open ${url.host} in your browser?`,
      detail: url.href,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    if (response === 0) await shell.openExternal(url.href);
  };

  return (address) => {
    const url = openableUrl(address);
    if (url === null) {
      report('Opening a link', new Error('only https links, and http links to this machine, are opened'));
      return;
    }
    if (asking) return;
    asking = true;
    ask(url)
      .catch((thrown: unknown) => {
        report('Opening a link', thrown);
      })
      .finally(() => {
        asking = false;
      });
  };
}

/** Null for what must not be opened. A user name before the host is there to mislead, so it is refused too. */
function openableUrl(address: string): URL | null {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname) ? url : null;
}
