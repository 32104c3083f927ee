import { describe, expect, it } from 'vitest';
import { commandFor, KEYMAP } from '../../../renderer/app/keymap.ts';
import type { KeyPress } from '../../../renderer/app/keymap.ts';

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...rest,
});

describe('the table of keys', () => {
  it('gives each key to one command only', () => {
    const keys = KEYMAP.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is what the window obeys', () => {
    for (const { command, keys } of KEYMAP) {
      for (const key of keys) {
        const ctrl = key.startsWith('Ctrl+');
        expect(commandFor(press(ctrl ? key.slice('Ctrl+'.length) : key, { ctrlKey: ctrl }))).toBe(command);
      }
    }
  });

  it('leaves the browser its own: no key with Ctrl, Command or Alt is taken but backslash and the numbers of rooms', () => {
    for (const key of ['f', 'p', 'r', 'e', 'x', 'g', 'Home', '/']) {
      expect(commandFor(press(key, { ctrlKey: true }))).toBeNull();
      expect(commandFor(press(key, { metaKey: true }))).toBeNull();
      expect(commandFor(press(key, { altKey: true }))).toBeNull();
    }
    expect(commandFor(press('\\', { metaKey: true }))).toBe('toggle-detail');
    expect(commandFor(press('4', { metaKey: true }))).toBe('go-redaction');
    expect(commandFor(press('4'))).toBeNull();
  });
});
