import { useEffect, useEffectEvent, useState } from 'react';
import { describeFailure } from './failure.ts';

export type Answered<T> =
  | { readonly phase: 'none' }
  | { readonly phase: 'asking'; readonly before: T | null }
  | { readonly phase: 'answered'; readonly value: T }
  | { readonly phase: 'failed'; readonly message: string };

/**
 * Asks when `question` changes, a moment later if it is to settle first, and forgets answers to questions that are no
 * longer asked. Null asks nothing.
 */
export function useAnswer<T>(
  question: string | null,
  ask: (signal: AbortSignal) => Promise<T>,
  settleMs = 0,
): Answered<T> {
  const [state, setState] = useState<Answered<T>>({ phase: 'none' });
  const send = useEffectEvent(ask);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const timer = setTimeout(() => {
      if (question === null) {
        setState({ phase: 'none' });
        return;
      }
      setState((before) => ({ phase: 'asking', before: latest(before) }));
      send(signal).then(
        (value) => {
          if (!signal.aborted) setState({ phase: 'answered', value });
        },
        (thrown: unknown) => {
          if (!signal.aborted) setState({ phase: 'failed', message: describeFailure(thrown).message });
        },
      );
    }, settleMs);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [question, settleMs]);
  return state;
}

/** The newest answer there is, while a newer one is awaited too. */
export function latest<T>(state: Answered<T>): T | null {
  if (state.phase === 'answered') return state.value;
  return state.phase === 'asking' ? state.before : null;
}
