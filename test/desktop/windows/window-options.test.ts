import { expect, it } from 'vitest';
import { mainWindowOptions } from '../../../src/desktop/windows/window-options.ts';

it('S10: the page is isolated, sandboxed and without Node', () => {
  const { webPreferences } = mainWindowOptions('/app/preload.cjs', {});
  expect(webPreferences).toEqual({
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

it('opens where it was remembered, and never smaller than the layout needs', () => {
  const remembered = mainWindowOptions('/app/preload.cjs', { x: 5, y: 6, width: 1000, height: 700 });
  expect(remembered).toMatchObject({ x: 5, y: 6, width: 1000, height: 700, minWidth: 960, minHeight: 600 });
  expect(mainWindowOptions('/app/preload.cjs', {})).toMatchObject({ width: 1440, height: 900 });
});
