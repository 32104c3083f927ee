import type { DatabaseSync } from 'node:sqlite';
import { INITIAL_SCHEMA } from './001-initial.ts';
import { putTracesInParts } from './002-traces-in-parts.ts';
import { tellProtocolVersions } from './003-protocol-versions.ts';
import { INPUT_WAITS } from './004-input-waits.ts';
import { layTrails } from './005-secret-trails.ts';

type Migration = (database: DatabaseSync) => void;

/** In order; the schema version of a file is how many of them it has been through. */
const MIGRATIONS: readonly Migration[] = [
  (database) => database.exec(INITIAL_SCHEMA),
  putTracesInParts,
  tellProtocolVersions,
  (database) => database.exec(INPUT_WAITS),
  layTrails,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** 0 for a database without tables of ours. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** Brings the schema up to date, or leaves the database as it is when that fails. */
export function migrate(database: DatabaseSync): void {
  const version = versionOf(database);
  if (version === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of MIGRATIONS.slice(version)) migration(database);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
