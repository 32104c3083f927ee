import type { StoreApi } from 'zustand/vanilla';
import type { Cursor } from '../../src/shared/domain/feed.ts';
import type { Stop } from '../../src/shared/kernel/listeners.ts';
import type { BridgeStatus } from './bridge.ts';
import { describeFailure } from './failure.ts';

/** How long the host may hold a question back when nothing has changed, in milliseconds. */
export const PULL_WAIT_MS = 20_000;
/** Least time between two answers drawn: changes within it come as one. */
const PACE_MS = 60;
const RETRY_MS = 3_000;
const LOST_MS = 250;

export interface PullLoopOptions<Answer extends { readonly cursor: Cursor }> {
  readonly status: StoreApi<BridgeStatus>;
  /** Asks for what came after `cursor`; null asks for everything, at once. */
  ask(cursor: Cursor | null, waitMs: number, signal: AbortSignal): Promise<Answer>;
  take(answer: Answer): void;
  /** The host said no or failed, in words. After a no the loop ends; after a failure it tries again. */
  fail(message: string): void;
  /** Waits for `millis`; rejects when `signal` aborts. Injected so that tests need no clock. */
  readonly sleep?: (millis: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Asks, draws, asks again. When the connection drops it waits for the next one and starts from a fresh snapshot,
 * because a host that was restarted counts from the beginning.
 */
export function startPullLoop<Answer extends { readonly cursor: Cursor }>(options: PullLoopOptions<Answer>): Stop {
  const stopping = new AbortController();
  run(options, stopping.signal).catch((thrown: unknown) => {
    // Stopping breaks off whatever the loop was waiting for. Anything else is our own fault and must be seen.
    if (!stopping.signal.aborted) throw thrown;
  });
  return () => {
    stopping.abort();
  };
}

async function run<Answer extends { readonly cursor: Cursor }>(
  options: PullLoopOptions<Answer>,
  signal: AbortSignal,
): Promise<void> {
  const sleep = options.sleep ?? sleepFor;
  let cursor: Cursor | null = null;
  while (!signal.aborted) {
    await untilReady(options.status, signal);
    const asked = await attempt(() => options.ask(cursor, cursor === null ? 0 : PULL_WAIT_MS, signal));
    if (isAborted(signal)) return;
    if (asked.ok) {
      cursor = asked.answer.cursor;
      options.take(asked.answer);
      await sleep(PACE_MS, signal);
      continue;
    }
    cursor = null;
    const failure = describeFailure(asked.thrown);
    if (failure.kind !== 'lost') options.fail(failure.message);
    if (failure.kind === 'refused') return;
    await sleep(failure.kind === 'lost' ? LOST_MS : RETRY_MS, signal);
  }
}

/** A function, so that the compiler does not take the answer from before an `await` for the one after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

type Attempt<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly thrown: unknown };

async function attempt<T>(ask: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, answer: await ask() };
  } catch (thrown) {
    return { ok: false, thrown };
  }
}

function untilReady(status: StoreApi<BridgeStatus>, signal: AbortSignal): Promise<void> {
  if (status.getState().phase === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = status.subscribe((next) => {
      if (next.phase !== 'ready') return;
      stop();
      resolve();
    });
    onAbort(signal, () => {
      stop();
      reject(new Error('Stopped.'));
    });
  });
}

function sleepFor(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(new Error('Stopped.'));
    });
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, millis);
  });
}

function onAbort(signal: AbortSignal, listener: () => void): Stop {
  signal.addEventListener('abort', listener, { once: true });
  return () => {
    signal.removeEventListener('abort', listener);
  };
}
