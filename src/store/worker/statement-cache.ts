import type { DatabaseSync, StatementSync } from 'node:sqlite';

const MAX_STATEMENTS = 32;

/** Prepared statements whose SQL depends on a query, the ones used last. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) this.#statements.delete(sql);
    const statement = known ?? this.#prepare(sql);
    this.#statements.set(sql, statement);
    const oldest = this.#statements.keys().next();
    if (this.#statements.size > MAX_STATEMENTS && !oldest.done) this.#statements.delete(oldest.value);
    return statement;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}
