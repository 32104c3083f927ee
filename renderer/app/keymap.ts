export type CommandId =
  | 'next-row'
  | 'previous-row'
  | 'first-row'
  | 'last-row'
  | 'enter'
  | 'climb'
  | 'expand'
  | 'collapse'
  | 'expand-all'
  | 'collapse-all'
  | 'next-error'
  | 'previous-error'
  | 'focus-filter'
  | 'pause'
  | 'follow'
  | 'export'
  | 'toggle-detail'
  | 'noise'
  | 'server-log'
  | 'span-redaction'
  | 'go-live'
  | 'go-redaction'
  | 'go-export'
  | 'go-settings'
  | 'open-file'
  | 'help';

export interface KeyBinding {
  readonly command: CommandId;
  /** `KeyboardEvent.key` values, or `Ctrl+…` for Ctrl or Command with a key. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly group: 'Move' | 'Tree' | 'Live' | 'Window';
}

/** The one table of keys: the window obeys it and the help shows it. */
export const KEYMAP: readonly KeyBinding[] = [
  { command: 'next-row', keys: ['j', 'ArrowDown'], does: 'Next row', group: 'Move' },
  { command: 'previous-row', keys: ['k', 'ArrowUp'], does: 'Previous row', group: 'Move' },
  { command: 'first-row', keys: ['g', 'Home'], does: 'First row', group: 'Move' },
  { command: 'last-row', keys: ['G', 'End'], does: 'Last row', group: 'Move' },
  { command: 'enter', keys: ['Enter'], does: 'Open the trace, then its detail', group: 'Move' },
  { command: 'climb', keys: ['Escape'], does: 'Back one step', group: 'Move' },
  { command: 'expand', keys: ['ArrowRight'], does: 'Expand, then into the first child', group: 'Tree' },
  { command: 'collapse', keys: ['ArrowLeft'], does: 'Collapse, then to the parent', group: 'Tree' },
  { command: 'expand-all', keys: ['['], does: 'Expand all', group: 'Tree' },
  { command: 'collapse-all', keys: [']'], does: 'Collapse all', group: 'Tree' },
  { command: 'next-error', keys: ['e'], does: 'Next error', group: 'Tree' },
  { command: 'previous-error', keys: ['E'], does: 'Previous error', group: 'Tree' },
  { command: 'pause', keys: ['p'], does: 'Pause or resume the picture', group: 'Live' },
  { command: 'follow', keys: ['f'], does: 'Follow the newest', group: 'Live' },
  { command: 'noise', keys: ['h'], does: 'Show or hide health checks, streams and news', group: 'Live' },
  { command: 'focus-filter', keys: ['/'], does: 'Filter', group: 'Window' },
  { command: 'export', keys: ['x'], does: 'Save traces as a file', group: 'Window' },
  { command: 'open-file', keys: ['Ctrl+o'], does: 'Open files with traces', group: 'Window' },
  { command: 'toggle-detail', keys: ['Ctrl+\\'], does: 'Show or hide the detail', group: 'Window' },
  { command: 'server-log', keys: ['l'], does: 'Open or close a server’s log', group: 'Window' },
  { command: 'span-redaction', keys: ['o'], does: 'What was hidden in the span', group: 'Window' },
  { command: 'go-live', keys: ['Ctrl+1'], does: 'Calls', group: 'Window' },
  { command: 'go-redaction', keys: ['Ctrl+4'], does: 'Redaction', group: 'Window' },
  { command: 'go-export', keys: ['Ctrl+5'], does: 'Export', group: 'Window' },
  { command: 'go-settings', keys: ['Ctrl+6', 'Ctrl+,'], does: 'Settings', group: 'Window' },
  { command: 'help', keys: ['?'], does: 'These keys', group: 'Window' },
];

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** The command a key press stands for; null leaves it to the browser. */
export function commandFor(press: KeyPress): CommandId | null {
  if (press.altKey) return null;
  const name = press.ctrlKey || press.metaKey ? `Ctrl+${press.key}` : press.key;
  return KEYMAP.find((binding) => binding.keys.includes(name))?.command ?? null;
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowLeft: '←',
  Escape: 'Esc',
};

export function keyLabel(key: string): string {
  return SHOWN[key] ?? key.replace('+', ' ').replace(/ ([a-z])$/, (letter) => letter.toUpperCase());
}
