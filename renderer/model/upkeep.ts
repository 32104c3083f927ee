import { splitTerms } from './query.ts';

/** What most readers do not look for: the gateway asking whether its servers are there, and streams kept open. */
const NOISE = '-upkeep:health|stream';

/**
 * What is asked of the host for a filter: health checks and streams are left out unless they are wanted, or the filter
 * itself speaks of upkeep.
 */
export function askedQuery(query: string, showNoise: boolean): string {
  if (showNoise || speaksOfUpkeep(query)) return query;
  return query === '' ? NOISE : `${query} ${NOISE}`;
}

/** Whether a filter decides itself which upkeep is shown. */
export function speaksOfUpkeep(query: string): boolean {
  return splitTerms(query).some((term) => /^-?upkeep:/i.test(term));
}
