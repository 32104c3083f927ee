import { describe, expect, it } from 'vitest';
import type { Rectangle } from 'electron';
import { createMainWindow, type MainWindow } from '../../../src/desktop/windows/main-window.ts';
import { createElectronDouble, type ElectronDouble } from '../../support/electron-double.ts';

function setup(): { window: MainWindow; double: ElectronDouble; saved: Rectangle[] } {
  const double = createElectronDouble();
  double.becomesReady();
  const saved: Rectangle[] = [];
  const window = createMainWindow({
    BrowserWindow: double.electron.BrowserWindow,
    screen: double.electron.screen,
    preload: '/app/preload.cjs',
    state: { load: () => ({}), save: (bounds) => saved.push(bounds) },
    report: () => undefined,
  });
  return { window, double, saved };
}

describe('the main window', () => {
  it('loads our own page and appears once it can be drawn', () => {
    const { window, double } = setup();
    window.show();
    const [opened] = double.windows;
    expect(opened?.loaded).toEqual(['app://throughline/index.html']);
    expect(opened?.options.show).toBe(false);
    expect(opened?.calls).toEqual([]);
    opened?.becomesReady();
    expect(opened?.calls).toEqual(['show']);
  });

  it('is one: showing it again brings it to the front, out of the dock if need be', () => {
    const { window, double } = setup();
    window.show();
    const [opened] = double.windows;
    if (opened === undefined) throw new Error('No window opened.');
    window.show();
    opened.minimized = true;
    window.show();
    expect(double.windows).toHaveLength(1);
    expect(opened.calls).toEqual(['show', 'focus', 'restore', 'show', 'focus']);
  });

  it('is made anew after it was closed, and owns only the contents of the open one', () => {
    const { window, double } = setup();
    window.show();
    const first = double.windows[0];
    if (first === undefined) throw new Error('No window opened.');
    expect(window.owns(first.page.contents)).toBe(true);
    first.userCloses();
    expect(window.owns(first.page.contents)).toBe(false);
    window.show();
    expect(double.windows).toHaveLength(1);
    expect(window.owns(first.page.contents)).toBe(false);
  });

  it('is kept out of screenshots while it shows what was hidden, made anew or not', () => {
    const { window, double } = setup();
    window.show();
    const [opened] = double.windows;
    expect(opened?.isContentProtected).toBe(false);
    window.setProtected(true);
    expect(opened?.isContentProtected).toBe(true);
    opened?.userCloses();
    window.show();
    expect(double.windows[0]?.isContentProtected).toBe(true);
    window.setProtected(false);
    expect(double.windows[0]?.isContentProtected).toBe(false);
  });

  it('remembers where it was when it is closed and when the app ends', () => {
    const { window, double, saved } = setup();
    window.remember();
    expect(saved).toEqual([]);
    window.show();
    window.remember();
    double.windows[0]?.userCloses();
    expect(saved).toHaveLength(2);
    expect(saved[0]).toMatchObject({ width: 1440, height: 900 });
  });
});
