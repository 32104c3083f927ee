import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createNews } from '../../src/runtime/news.ts';

const LONG = 60_000;

describe('waiting for news', () => {
  it('ends for everybody when there is some', async () => {
    const news = createNews();
    const waiting = Promise.all([news.next(LONG), news.next(LONG)]);
    expect(news.waiting).toBe(2);
    news.announce();
    await waiting;
    expect(news.waiting).toBe(0);
  });

  it('ends when its time is over, and at once when there is none', async () => {
    const news = createNews();
    await news.next(1);
    await news.next(0);
    expect(news.waiting).toBe(0);
  });

  it('ends when the asker leaves, and at once for one who has left', async () => {
    const news = createNews();
    const leaving = new AbortController();
    const waiting = news.next(LONG, leaving.signal);
    leaving.abort();
    await waiting;
    await news.next(LONG, leaving.signal);
    expect(news.waiting).toBe(0);
  });

  it('ends when there will be none any more, and at once from then on', async () => {
    const news = createNews();
    const waiting = news.next(LONG);
    news.stop();
    await waiting;
    await news.next(LONG);
    expect(news.hasStopped).toBe(true);
  });

  it('leaves nothing behind on a signal that lives on', async () => {
    const news = createNews();
    const { signal } = new AbortController();
    for (let round = 0; round < 100; round += 1) {
      const waiting = news.next(LONG, signal);
      news.announce();
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(news.waiting).toBe(0);
  });
});
