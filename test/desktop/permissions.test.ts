import { describe, expect, it } from 'vitest';
import { setupPermissions } from '../../src/desktop/permissions.ts';
import { strict } from '../support/electron/strict.ts';
import { createElectronDouble, type ElectronDouble } from '../support/electron-double.ts';

const PERMISSIONS = [
  'clipboard-read',
  'display-capture',
  'fileSystem',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'local-fonts',
  'media',
  'midi',
  'midiSysex',
  'notifications',
  'openExternal',
  'pointerLock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'unknown',
] as const;
type Permission = (typeof PERMISSIONS)[number] | 'clipboard-sanitized-write';

interface Asker {
  readonly url: string;
  readonly isMainFrame: boolean;
}

const OWN_PAGE: Asker = { url: 'app://throughline/', isMainFrame: true };

function setup(): ElectronDouble {
  const double = createElectronDouble();
  double.becomesReady();
  setupPermissions(double.electron.session.defaultSession);
  return double;
}

/** What a page is told when it asks, and when Electron checks for it: both must agree. */
function answers(double: ElectronDouble, permission: Permission, { url, isMainFrame }: Asker): boolean[] {
  const granted: boolean[] = [];
  const contents = strict<Electron.WebContents>('WebContents', {});
  double.permissions.request?.(contents, permission, (answer) => granted.push(answer), {
    isMainFrame,
    requestingUrl: url,
  });
  const details = { isMainFrame, requestingUrl: url, embeddingOrigin: url };
  const checked = double.permissions.check?.(contents, permission, url, details);
  return [...granted, checked ?? true];
}

describe('permissions', () => {
  it.each(PERMISSIONS)('S28: %s is denied to our own page', (permission) => {
    expect(answers(setup(), permission, OWN_PAGE)).toEqual([false, false]);
  });

  it('lets the copy buttons of our own page write text', () => {
    expect(answers(setup(), 'clipboard-sanitized-write', OWN_PAGE)).toEqual([true, true]);
  });

  it.each([
    { url: 'https://elsewhere.example/', isMainFrame: true },
    { url: 'app://throughline.evil.example/', isMainFrame: true },
    { url: 'app://throughline/', isMainFrame: false },
  ])('S28: writing the clipboard is denied to %j', (asker) => {
    expect(answers(setup(), 'clipboard-sanitized-write', asker)).toEqual([false, false]);
  });

  it('S28: no device is handed out and no screen is shared', () => {
    const { permissions } = setup();
    const device = strict<Electron.DevicePermissionHandlerHandlerDetails>('details', { origin: OWN_PAGE.url });
    expect(permissions.device?.(device)).toBe(false);
    const streams: unknown[] = [];
    const request = strict<Electron.DisplayMediaRequestHandlerHandlerRequest>('request', {});
    permissions.display?.(request, (answer) => streams.push(answer));
    expect(streams).toEqual([null]);
  });
});
