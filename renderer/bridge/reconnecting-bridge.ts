import { createStore } from 'zustand/vanilla';
import type { Api, Bridge, BridgeStatus } from './bridge.ts';
import { RefusedError } from './connection.ts';
import type { Connection, OpenConnection } from './connection.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;

/** Keeps one connection open: when it drops, the next is tried after a pause that doubles each time. */
export function createReconnectingBridge(open: OpenConnection): Bridge {
  const status = createStore<BridgeStatus>(() => ({ phase: 'connecting' }));
  const stopped = new AbortController();
  let current: Connection | null = null;
  let wake: (() => void) | null = null;

  const pause = (millis: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    let backoff = FIRST_BACKOFF_MS;
    while (!stopped.signal.aborted) {
      try {
        current = await open(stopped.signal);
        backoff = FIRST_BACKOFF_MS;
        status.setState({ phase: 'ready' }, true);
        await current.closed;
      } catch (thrown) {
        if (thrown instanceof RefusedError) {
          status.setState({ phase: 'refused', reason: thrown.reason }, true);
          return;
        }
        // Anything else means that the host is away: said in the status, tried again below.
      }
      current = null;
      if (isAborted(stopped.signal)) return;
      const now = Date.now();
      const before = status.getState();
      const since = before.phase === 'lost' ? before.since : now;
      status.setState({ phase: 'lost', since, retryAt: now + backoff }, true);
      await pause(backoff);
      backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
    }
  };
  void run();

  return {
    api: followingApi(() => current?.api ?? null),
    status,
    retryNow: () => wake?.(),
    close: () => {
      stopped.abort();
      wake?.();
      current?.close();
    },
  };
}

/** A function, so that the compiler does not take the answer from before an `await` for the one after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

const NOT_CONNECTED = 'The gateway is not connected.';

/**
 * An `Api` whose calls go to whichever connection is open now. The contract has two levels, topic and operation; a
 * call without a connection rejects like one whose connection dropped.
 */
function followingApi(current: () => Api | null): Api {
  const topics = new Map<string, object>();
  return new Proxy({} as Api, {
    get(_, topic) {
      if (typeof topic !== 'string') return undefined;
      const known = topics.get(topic);
      if (known !== undefined) return known;
      const made = topicOf(topic, current);
      topics.set(topic, made);
      return made;
    },
  });
}

type Operation = (...input: readonly unknown[]) => Promise<unknown>;

function topicOf(topic: string, current: () => Api | null): object {
  return new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name !== 'string') return undefined;
        const call: Operation = async (...input) => {
          const api = current();
          if (api === null) throw new Error(NOT_CONNECTED);
          const operations = Reflect.get(api, topic) as Readonly<Record<string, Operation>>;
          const operation = operations[name];
          if (operation === undefined) throw new Error(`The contract has no ${topic}.${name}.`);
          return operation(...input);
        };
        return call;
      },
    },
  );
}
