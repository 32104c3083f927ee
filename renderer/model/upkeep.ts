import { splitTerms } from './query.ts';

/**
 * What most readers do not look for: the gateway asking whether its servers are there, streams kept open, and servers
 * telling that something changed.
 */
const NOISE = '-upkeep:health|stream|news';

/**
 * What is asked of the host for a filter: health checks, streams and news are left out unless they are wanted, or the filter
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
