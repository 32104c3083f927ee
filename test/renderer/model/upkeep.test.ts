import { describe, expect, it } from 'vitest';
import { askedQuery, speaksOfUpkeep } from '../../../renderer/model/upkeep.ts';

describe('health checks, streams and news', () => {
  it('are left out of what is asked, beside whatever the filter says', () => {
    expect(askedQuery('', false)).toBe('-upkeep:health|stream|news');
    expect(askedQuery('status:error', false)).toBe('status:error -upkeep:health|stream|news');
  });

  it('are asked for when wanted, or when the filter itself speaks of them', () => {
    expect(askedQuery('status:error', true)).toBe('status:error');
    for (const query of ['upkeep:health', 'tool:x -upkeep:connect']) {
      expect(speaksOfUpkeep(query)).toBe(true);
      expect(askedQuery(query, false)).toBe(query);
    }
    expect(speaksOfUpkeep('"about upkeep: a note"')).toBe(false);
    expect(speaksOfUpkeep('tool:upkeep')).toBe(false);
  });
});
