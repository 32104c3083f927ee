import { describe, expect, it } from 'vitest';
import { ListPages } from '../../../src/gateway/routing/list-pages.ts';

describe('a list that is kept while its client pages through it', () => {
  it('holds on each page for what is left of its time, and for nobody else where the first page was not', () => {
    let now = 0;
    const pages = new ListPages(() => now);
    const value = Array.from({ length: 450 }, (_, index) => `{"name":"t${index}"}`);
    const first = pages.first('tools/list', { value, freshness: { ttlMs: 1_000, cacheScope: 'private' } });
    now = 400;
    const second = pages.next('tools/list', first.nextCursor ?? '');
    now = 5_000;
    const third = pages.next('tools/list', second?.nextCursor ?? '');
    expect([first, second, third].map((page) => page?.freshness)).toEqual([
      { ttlMs: 1_000, cacheScope: 'private' },
      { ttlMs: 600, cacheScope: 'private' },
      { ttlMs: 0, cacheScope: 'private' },
    ]);
    expect([first, second, third].flatMap((page) => page?.items ?? [])).toEqual(value);
  });
});
