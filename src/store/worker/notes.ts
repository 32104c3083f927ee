import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A few words about the whole file, by name. */
export class Notes {
  readonly #get: StatementSync;
  readonly #keep: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT text FROM notes WHERE name = ?');
    this.#keep = database.prepare('INSERT OR REPLACE INTO notes (name, text) VALUES (?, ?)');
  }

  get(name: string): string | null {
    const row = this.#get.get(name) as { text: string } | undefined;
    return row?.text ?? null;
  }

  keep(name: string, text: string): null {
    this.#keep.run(name, text);
    return null;
  }
}
