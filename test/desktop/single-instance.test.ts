import { describe, expect, it } from 'vitest';
import { setupSingleInstance } from '../../src/desktop/single-instance.ts';
import { createElectronDouble } from '../support/electron-double.ts';

describe('the single instance', () => {
  it('S28: a second instance quits at once', () => {
    const double = createElectronDouble({ hasLock: false });
    expect(setupSingleInstance(double.electron.app, () => undefined)).toBe(false);
    expect(double.calls).toEqual(['requestSingleInstanceLock', 'quit']);
  });

  it('the first instance shows its window when a second is started', () => {
    const double = createElectronDouble();
    let shown = 0;
    expect(
      setupSingleInstance(double.electron.app, () => {
        shown += 1;
      }),
    ).toBe(true);
    double.secondInstance();
    expect(shown).toBe(1);
  });
});
