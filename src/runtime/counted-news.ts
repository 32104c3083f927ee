import { createNews } from './news.ts';
import type { Cursor } from '../shared/domain/feed.ts';

/** When pages should look again at something that seldom changes and at the counts beside it. */
export interface CountedNews {
  readonly revision: Cursor;
  /** Something other than a count has changed. */
  announce(): void;
  /** Resolves when the revision is another than `cursor`, or after `waitMs`. */
  after(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<void>;
  stop(): void;
}

/** Counts rise with every call: pages hear of them once in this while. */
const COUNT_MILLIS = 1_000;
/** Going through what is stored moves on many times a second. */
const GATHER_MILLIS = 100;

/** `countedSoFar`: a number that is another whenever counts have changed. */
export function createCountedNews(countedSoFar: () => number): CountedNews {
  const news = createNews();
  let revision = 1;
  let counted = countedSoFar();
  let lookedAt = performance.now();
  let due: NodeJS.Timeout | undefined;

  function announce(): void {
    due ??= setTimeout(() => {
      due = undefined;
      revision += 1;
      news.announce();
    }, GATHER_MILLIS).unref();
  }

  function lookAtCounts(): void {
    const now = performance.now();
    if (now - lookedAt < COUNT_MILLIS) return;
    lookedAt = now;
    const count = countedSoFar();
    if (count === counted) return;
    counted = count;
    revision += 1;
  }

  return {
    get revision() {
      return revision;
    },
    announce,
    async after(cursor, waitMs, signal) {
      const deadline = performance.now() + waitMs;
      for (;;) {
        lookAtCounts();
        const left = deadline - performance.now();
        if (cursor !== revision || left <= 0 || signal?.aborted === true || news.hasStopped) return;
        await news.next(Math.min(left, COUNT_MILLIS), signal);
      }
    },
    stop() {
      clearTimeout(due);
      news.stop();
    },
  };
}
