import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, safeStorage, screen, session, shell } from 'electron';
import { startDesktop } from './desktop.ts';
import { createDesktopHost } from './desktop-host.ts';

// Not awaited: Electron becomes ready only once this module has been evaluated.
void startDesktop(
  { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell },
  createDesktopHost(import.meta.url, process.env, safeStorage),
);
