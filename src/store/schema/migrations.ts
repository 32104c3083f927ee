import { INITIAL_SCHEMA } from './001-initial.ts';

/** In order; the schema version of a file is how many of them it has been through. */
export const MIGRATIONS: readonly string[] = [INITIAL_SCHEMA];
