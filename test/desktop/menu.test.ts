import { describe, expect, it } from 'vitest';
import { setupMenu } from '../../src/desktop/menu.ts';
import { createElectronDouble } from '../support/electron-double.ts';

function menuOf(isMac: boolean): string {
  const double = createElectronDouble();
  double.becomesReady();
  setupMenu(double.electron.Menu, isMac);
  return JSON.stringify(double.menu());
}

describe('the menu', () => {
  it('has a way to quit, to copy and to zoom on every system', () => {
    expect(menuOf(false)).toContain('"role":"quit"');
    expect(menuOf(true)).toContain('"role":"appMenu"');
    for (const isMac of [false, true]) {
      expect(menuOf(isMac)).toContain('"role":"editMenu"');
      expect(menuOf(isMac)).toContain('"role":"zoomIn"');
    }
  });

  it('leads nowhere of its own: every entry is one of the system', () => {
    expect(menuOf(false)).not.toContain('click');
    expect(menuOf(true)).not.toContain('click');
  });
});
