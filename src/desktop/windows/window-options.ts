import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';

/** What the main window is made with. The page is ours but shows what strangers' servers say, so it gets nothing (S10). */
export function mainWindowOptions(preload: string, bounds: Partial<Rectangle>): BrowserWindowConstructorOptions {
  return {
    title: 'Throughline',
    width: 1440,
    height: 900,
    ...bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would come from the network.
      spellcheck: false,
    },
  };
}
