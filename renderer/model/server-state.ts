import type { ServerState, ServerView } from '../../src/shared/domain/server.ts';

const MILLIS_PER_SECOND = 1_000;

/** A server's state in the fewest words. `nowMillis` is this machine's clock. */
export function stateWords({ state, retryAt }: Pick<ServerView, 'state' | 'retryAt'>, nowMillis: number): string {
  if (state !== 'restarting') return WORDS[state];
  if (retryAt === null || retryAt <= nowMillis) return 'Restarting…';
  return `Restarting in ${String(Math.ceil((retryAt - nowMillis) / MILLIS_PER_SECOND))} s`;
}

const WORDS: Readonly<Record<Exclude<ServerState, 'restarting'>, string>> = {
  connecting: 'Connecting',
  connected: 'Connected',
  idle: 'Asleep: wakes with the next call',
  failed: 'Failed',
  stopped: 'Stopped',
};

/** What starting it is called from here; null while there is nothing to start. */
export function startWord(state: ServerState): 'Start' | 'Try again' | 'Start now' | null {
  switch (state) {
    case 'stopped':
    case 'idle':
      return 'Start';
    case 'failed':
      return 'Try again';
    case 'restarting':
      return 'Start now';
    case 'connecting':
    case 'connected':
      return null;
  }
}

/** Whether stopping it would change anything. */
export function canStop(state: ServerState): boolean {
  return state !== 'stopped';
}

export const SESSION_WORDS = {
  dedicated: 'One per client',
  shared: 'One for all clients',
} as const;
