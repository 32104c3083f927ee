import { describe, expect, it } from 'vitest';
import { createPrefsStore } from '../../../renderer/app/store.prefs.ts';

const memory = (kept: string | null) => {
  const box = { kept };
  return {
    box,
    getItem: () => box.kept,
    setItem: (_: string, value: string) => {
      box.kept = value;
    },
  };
};

describe('preferences', () => {
  it('begin with the defaults and keep what is chosen', () => {
    const storage = memory(null);
    const prefs = createPrefsStore(storage);
    expect(prefs.getState()).toEqual({
      version: 1,
      theme: 'system',
      detailOpen: true,
      showNoise: false,
      nameColumn: null,
    });
    prefs.setState({ theme: 'dark', showNoise: true, nameColumn: 0.5 });
    expect(createPrefsStore(storage).getState()).toMatchObject({ theme: 'dark', showNoise: true, nameColumn: 0.5 });
  });

  it('give way to the default one by one where what was kept no longer fits', () => {
    const prefs = createPrefsStore(memory('{"theme": "sepia", "detailOpen": false, "nameColumn": 7}'));
    expect(prefs.getState()).toEqual({
      version: 1,
      theme: 'system',
      detailOpen: false,
      showNoise: false,
      nameColumn: null,
    });
    expect(createPrefsStore(memory('not json')).getState().theme).toBe('system');
    expect(createPrefsStore(memory('[1]')).getState().theme).toBe('system');
  });
});
