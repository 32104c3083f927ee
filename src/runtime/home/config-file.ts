import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from 'jsonc-parser';
import { parseConfigText } from '../config/config-text.ts';
import { readUserOnly, writeUserOnly } from './user-only-file.ts';

const FORMATTING = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
const EMPTY = '{\n  "mcpServers": {}\n}\n';

/** The app's own config file, which people edit too: read again before each change, and nothing else in it touched. */
export interface ConfigFile {
  readonly path: string;
  /** Makes the file when there is none. */
  read(): Promise<string>;
  /** Rejects with a UserError when the file cannot be understood. */
  check(): Promise<void>;
  /**
   * Sets values, or removes those that are undefined. Comments and everything else stay. Rejects with a UserError, and
   * changes nothing, when the file cannot be understood.
   */
  edit(changes: readonly ConfigChange[]): Promise<void>;
}

export interface ConfigChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

export function createConfigFile(path: string): ConfigFile {
  async function read(): Promise<string> {
    const text = await readUserOnly(path);
    if (text !== null) return text.startsWith('\uFEFF') ? text.slice(1) : text;
    await writeUserOnly(path, EMPTY);
    return EMPTY;
  }
  return {
    path,
    read,
    async check() {
      parseConfigText(path, await read());
    },
    async edit(changes) {
      const before = await read();
      // Editing what cannot be parsed would lose parts of it.
      parseConfigText(path, before);
      const after = edited(before, changes);
      if (after !== before) await writeUserOnly(path, after);
    },
  };
}

/** The text with the changes made. */
export function edited(text: string, changes: readonly ConfigChange[]): string {
  return changes.reduce(
    (current, { path, value }) =>
      value === undefined && valueAt(current, path) === undefined
        ? current
        : applyEdits(current, modify(current, [...path], value, FORMATTING)),
    text,
  );
}

/** The value at `path` as it is written; undefined when there is none. */
export function valueAt(text: string, path: readonly string[]): unknown {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  return node === undefined ? undefined : getNodeValue(node);
}
