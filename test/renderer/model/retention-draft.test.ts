import { describe, expect, it } from 'vitest';
import { draftOfRetention, readRetention, retentionLosses } from '../../../renderer/model/retention-draft.ts';
import type { StoreStats } from '../../../src/shared/domain/trace.ts';

const NO_LIMITS = { days: 0, traces: 0, megabytes: 256 };
const STATS: StoreStats = {
  traces: 1_200,
  spans: 7_000,
  bytes: 60 * 1024 * 1024,
  budgetBytes: 256 * 1024 * 1024,
  evictedTraces: 0,
  droppedSpans: 0,
  droppedPayloads: 0,
};

describe('how much is kept, as it is typed', () => {
  it('is empty where there is no limit, and comes back as it was', () => {
    const draft = draftOfRetention(NO_LIMITS);
    expect(draft).toEqual({ days: '', traces: '', megabytes: '256' });
    expect(readRetention(draft)).toEqual({ ok: true, value: NO_LIMITS });
    expect(readRetention({ days: '30', traces: '10,000', megabytes: '1 024' })).toEqual({
      ok: true,
      value: { days: 30, traces: 10_000, megabytes: 1_024 },
    });
  });

  it('says at each field what belongs in it', () => {
    expect(readRetention({ days: '-1', traces: 'many', megabytes: '' })).toEqual({
      ok: false,
      error: {
        days: 'A whole number of days up to 3,650, or empty.',
        traces: 'A whole number up to 10,000,000, or empty.',
        megabytes: 'A whole number from 1 to 65,536.',
      },
    });
    expect(readRetention({ days: '1.5', traces: '', megabytes: '0' })).toMatchObject({ ok: false });
  });
});

describe('what goes when less is kept', () => {
  it('is said before it goes', () => {
    expect(retentionLosses(NO_LIMITS, { days: 7, traces: 1_000, megabytes: 32 }, STATS)).toEqual([
      'Traces older than 7 days go at once.',
      '200 traces of the 1,200 kept go at once.',
      'The oldest go at once, until 32 MB of 60 MB are left.',
    ]);
  });

  it('is nothing when limits only become wider, or what is kept is within them', () => {
    expect(retentionLosses({ days: 7, traces: 10, megabytes: 1 }, { ...NO_LIMITS, days: 30 }, STATS)).toEqual([]);
    expect(retentionLosses(NO_LIMITS, { days: 0, traces: 5_000, megabytes: 64 }, STATS)).toEqual([]);
    expect(retentionLosses(NO_LIMITS, { days: 0, traces: 1, megabytes: 1 }, null)).toEqual([]);
  });
});
