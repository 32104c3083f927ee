import type { Cursor } from '../../shared/domain/feed.ts';
import { pause, type Changes, type Subject } from './changes.ts';

/** A caller that polls in a loop gets at most twenty answers a second, each with all that changed meanwhile. */
const MIN_ANSWER_INTERVAL_MS = 50;

export interface LongPoll<Answer> {
  readonly subject: Subject;
  readonly cursor: Cursor | null;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly ask: () => Promise<Answer>;
  readonly isEmpty: (answer: Answer) => boolean;
  /** What a caller is told who stopped waiting. */
  readonly giveUp: () => Answer | Promise<Answer>;
}

/** Answers at once when there is no cursor or no time to wait; else as soon as there is something to say. */
export async function longPoll<Answer>(changes: Changes, poll: LongPoll<Answer>): Promise<Answer> {
  const { subject, cursor, waitMs, signal, ask, isEmpty, giveUp } = poll;
  if (cursor === null || waitMs <= 0) return ask();
  const deadline = performance.now() + waitMs;
  await pause(Math.min(MIN_ANSWER_INTERVAL_MS, waitMs), signal);
  for (;;) {
    const lookout = changes.lookout(subject);
    try {
      if (signal?.aborted === true) return await giveUp();
      const isLast = changes.hasEnded || performance.now() >= deadline;
      if (isLast || cursor !== changes.latest) {
        const answer = await ask();
        if (isLast || !isEmpty(answer)) return answer;
      }
      await lookout.wait(deadline - performance.now(), signal);
    } finally {
      lookout.end();
    }
  }
}
