import type { Menu, MenuItemConstructorOptions } from 'electron';

/** Only what every desktop app has, by role: what the product does is in its window. */
export function setupMenu(menu: Pick<typeof Menu, 'buildFromTemplate' | 'setApplicationMenu'>, isMac: boolean): void {
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  menu.setApplicationMenu(
    menu.buildFromTemplate([
      ...appMenu,
      { label: '&File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
      { role: 'editMenu' },
      {
        label: '&View',
        submenu: [
          { role: 'reload' },
          { role: 'toggleDevTools' },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
