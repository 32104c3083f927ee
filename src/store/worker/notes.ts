import type { DatabaseSync, StatementSync } from 'node:sqlite';

type Note = Readonly<{
  name: string;
  text: string;
}>;

/** A few words about everything stored, by name. */
export class Notes {
  readonly #get: StatementSync;
  readonly #keep: StatementSync;
  readonly #drop: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT text FROM notes WHERE name = ?');
    this.#keep = database.prepare('INSERT OR REPLACE INTO notes (name, text) VALUES (?, ?)');
    this.#drop = database.prepare('DELETE FROM notes WHERE name = ?');
    this.#all = database.prepare('SELECT name, text FROM notes');
  }

  get(name: string): string | null {
    const row = this.#get.get(name) as { text: string } | undefined;
    return row?.text ?? null;
  }

  keep(name: string, text: string): null {
    this.#keep.run(name, text);
    return null;
  }

  /** What another store says of itself holds here as well when nothing else is here. */
  copyFrom(other: Notes): void {
    for (const { name, text } of other.#read()) this.keep(name, text);
  }

  /** Of two stores that become one, only what both say holds. */
  keepShared(other: Notes): void {
    for (const { name, text } of this.#read()) if (other.get(name) !== text) this.#drop.run(name);
  }

  #read(): readonly Note[] {
    return this.#all.all() as Note[];
  }
}
