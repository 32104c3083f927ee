import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError, messageOf } from '../../shared/kernel/user-error.ts';
import { SCHEMA_VERSION, migrate, versionOf } from '../schema/migrations.ts';

const USER_ONLY_DIRECTORY = 0o700;
const USER_ONLY_FILE = 0o600;
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Opens the history file, or a database in memory when `file` is null, and brings its schema up to date. A directory
 * that is missing is made for the user only; SQLite gives the file's mode to its journal. Rejects with a UserError what
 * the user can mend: a path that cannot be written, a file in use, a file that is not ours or is newer than us.
 */
export function openDatabase(file: string | null): DatabaseSync {
  if (file === null) {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    return database;
  }
  makeUserOnlyFile(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // One owner: counters and summaries in the making are held in memory and must not be changed behind our back.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    refuseForeign(database, file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}; PRAGMA secure_delete = FAST;`);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw openingError(file, error);
  }
}

/** Deletes a database that is closed, with what SQLite may have left beside it. */
export function removeDatabase(file: string): void {
  // The database itself last: when one cannot be deleted, it is still there.
  for (const part of ['-wal', '-shm', '-journal', '']) rmSync(`${file}${part}`, { force: true });
}

function makeUserOnlyFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: USER_ONLY_DIRECTORY });
    closeSync(openSync(file, 'a', USER_ONLY_FILE));
    chmodSync(file, USER_ONLY_FILE);
  } catch (error) {
    throw new UserError(
      `The history file ${file} cannot be written (${messageOf(error)}): choose another data directory or change its permissions.`,
    );
  }
}

/** Before anything is written: what is not ours or newer than us stays as it is. */
function refuseForeign(database: DatabaseSync, file: string): void {
  const version = versionOf(database);
  if (version > SCHEMA_VERSION) {
    throw new UserError(
      `The history file ${file} was written by a newer Throughline (schema ${version}, this one knows ${SCHEMA_VERSION}): update Throughline or choose another data directory.`,
    );
  }
  const hasTables = database.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() !== undefined;
  if (version === 0 && hasTables) throw notOurs(file);
}

function notOurs(file: string): UserError {
  return new UserError(`${file} is not a Throughline history file: move it away or choose another data directory.`);
}

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

function openingError(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null;
  if (code === SQLITE_BUSY) {
    return new UserError(
      `The history file ${file} is in use by another Throughline: stop that one or choose another data directory.`,
    );
  }
  if (code === SQLITE_NOTADB) return notOurs(file);
  return error;
}
