import type { ServerResponse } from 'node:http';

/** Replies that have begun and not ended, so that somebody can wait for their ends or cut them off. */
export interface RepliesUnderWay {
  add(response: ServerResponse): void;
  /** Resolves when none is left: those that take longer than `graceMs` are cut off. */
  ended(graceMs: number): Promise<void>;
}

export function createRepliesUnderWay(): RepliesUnderWay {
  const replies = new Set<ServerResponse>();
  let onNone: (() => void) | null = null;

  function cutOff(): void {
    for (const response of replies) response.destroy();
  }

  return {
    add(response) {
      replies.add(response);
      response.once('close', () => {
        replies.delete(response);
        if (replies.size === 0) onNone?.();
      });
    },
    async ended(graceMs) {
      if (replies.size === 0) return;
      const timer = setTimeout(cutOff, graceMs);
      await new Promise<void>((resolve) => {
        onNone = resolve;
      });
      clearTimeout(timer);
    },
  };
}
