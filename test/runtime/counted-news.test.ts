import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCountedNews } from '../../src/runtime/counted-news.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** How many answers a page gets that asks again at once, while calls change the counts all the time. */
async function answersWithin(millis: number, perCall: () => void): Promise<number> {
  let counted = 0;
  const news = createCountedNews(() => counted);
  let answers = 0;
  const over = new AbortController();
  const page = (async () => {
    while (!over.signal.aborted) {
      const cursor = news.revision;
      await news.after(cursor, 10_000);
      if (news.revision !== cursor) answers += 1;
    }
  })();
  for (let passed = 0; passed < millis; passed += 10) {
    counted += 1;
    perCall();
    await vi.advanceTimersByTimeAsync(10);
  }
  over.abort();
  news.stop();
  await page;
  return answers;
}

describe('news of redaction', () => {
  it('tells of counts once a second at most, however many calls there are', async () => {
    const answers = await answersWithin(10_000, () => undefined);
    expect(answers).toBeGreaterThan(5);
    expect(answers).toBeLessThanOrEqual(10);
  });

  it('tells of what is announced at once, many announcements together', async () => {
    const news = createCountedNews(() => 0);
    const before = news.revision;
    const waiting = news.after(before, 10_000);
    news.announce();
    news.announce();
    await vi.advanceTimersByTimeAsync(200);
    await waiting;
    expect(news.revision).toBe(before + 1);
    news.stop();
  });

  it('answers at once when the page knows another state, and after its wait when nothing changes', async () => {
    const news = createCountedNews(() => 0);
    await news.after(news.revision + 7, 10_000);
    await news.after(null, 10_000);
    const waiting = news.after(news.revision, 3_000);
    await vi.advanceTimersByTimeAsync(3_000);
    await waiting;
    expect(news.revision).toBe(1);
    news.stop();
    await news.after(news.revision, 10_000);
  });

  it('lets go of a page that has left', async () => {
    const news = createCountedNews(() => 0);
    const leaving = new AbortController();
    const waiting = news.after(news.revision, 10_000, leaving.signal);
    leaving.abort();
    await waiting;
    news.stop();
  });
});
