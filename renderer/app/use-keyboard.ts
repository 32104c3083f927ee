import { useEffect } from 'react';
import type { Commands } from './commands.ts';
import { commandFor } from './keymap.ts';
import type { CommandId } from './keymap.ts';

/** Keys that a focused control or a scrolling pane uses itself. */
const CONTROL_COMMANDS: ReadonlySet<CommandId> = new Set([
  'enter',
  'expand',
  'collapse',
  'next-row',
  'previous-row',
  'first-row',
  'last-row',
]);
const TYPED_INTO = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]';
const NATIVE_KEYS = new Set(['Enter', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** Obeys the keymap, except where a text field, a control or a dialog has the keys. */
export function useKeyboard(commands: Commands): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = commandFor(event);
      if (command === null || event.defaultPrevented || isTaken(event, command)) return;
      event.preventDefault();
      commands[command]();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [commands]);
}

function isTaken(event: KeyboardEvent, command: CommandId): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  const { target } = event;
  if (!(target instanceof Element)) return false;
  // No field has a use for these, so that they lead on from wherever somebody is.
  if (event.ctrlKey || event.metaKey) return false;
  if (target.closest(TYPED_INTO) !== null) return true;
  if (!CONTROL_COMMANDS.has(command) || !NATIVE_KEYS.has(event.key)) return false;
  return target.closest('button, a, input, [role="tab"], [role="separator"], aside, pre') !== null;
}
