import { describe, expect, it } from 'vitest';
import { historyPlaceOf } from '../../../src/runtime/settings/history-place.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';

const OFF = { keepsHistory: false };
const ON = { keepsHistory: true };

describe('where traces are kept', () => {
  it('is the folder of the command line, whatever the config file says', () => {
    for (const settings of [OFF, ON]) {
      const place = historyPlaceOf({ settings, dataDir: '/data', homeFile: '/app/history/traces.db' });
      expect(place).toMatchObject({ file: '/data/traces.db', isOn: true });
      expect(place.fixed).toMatch(/--data-dir.*\/data\/traces\.db\.$/);
    }
  });

  it("is the app's own folder when the settings say so, which can be changed", () => {
    const choice = { dataDir: null, homeFile: '/app/history/traces.db' };
    expect(historyPlaceOf({ ...choice, settings: OFF })).toEqual({ file: choice.homeFile, isOn: false, fixed: null });
    expect(historyPlaceOf({ ...choice, settings: ON })).toEqual({ file: choice.homeFile, isOn: true, fixed: null });
  });

  it('is nowhere without a folder, and a config file that asks for it all the same is refused', () => {
    const place = historyPlaceOf({ settings: OFF, dataDir: null, homeFile: null });
    expect(place).toMatchObject({ file: null, isOn: false });
    expect(place.fixed).toContain('--data-dir DIR');
    const asked = (): unknown => historyPlaceOf({ settings: ON, dataDir: null, homeFile: null });
    expect(asked).toThrow(UserError);
    expect(asked).toThrow('gateway.history is on, but there is no folder to keep traces in: start with --data-dir DIR');
  });
});
