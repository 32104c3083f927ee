import { UpstreamFailure } from '../failure.ts';
import type { NotificationFrame, RequestFrame } from '../frame/frame.ts';
import type { UpstreamCallObservation } from '../observer.ts';
import type { Introduction } from './handshake.ts';
import type { Closed } from './transport.ts';
import type { UpstreamSession } from './upstream-session.ts';

/** On whose behalf a session is held, and where what the server sends unasked goes. */
export interface SessionOwner {
  readonly id: string;
  /** What the session is opened with. */
  readonly initialize: RequestFrame;
  /** It stands for several who know nothing of each other, and so may choose the same progress tokens. */
  readonly isShared?: boolean;
  request(frame: RequestFrame, session: UpstreamSession): void;
  notification(frame: NotificationFrame, session: UpstreamSession): void;
  closed(reason: Closed, session: UpstreamSession): void;
}

export interface OpenSession {
  readonly session: UpstreamSession;
  readonly introduction: Introduction;
}

/** One session for each owner, opened on first use and kept. */
export interface SessionPool {
  /** Resolves with the owner's session; the first caller's observation gets the handshake. Rejects with an UpstreamFailure. */
  acquire(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession>;
  /** The owner's session, when it is open or being opened. */
  peek(ownerId: string): Promise<OpenSession> | undefined;
  /** The owner's session, when it is open now. */
  current(ownerId: string): UpstreamSession | null;
  /** True while a session is being opened or has a request without an answer. */
  readonly isBusy: boolean;
  release(ownerId: string): Promise<void>;
  /** Resolves when no session is left, those included that ended by themselves. */
  closeAll(): Promise<void>;
}

export type OpenSessionFor = (
  owner: SessionOwner,
  call: UpstreamCallObservation,
  signal: AbortSignal,
) => Promise<OpenSession>;

interface Entry {
  readonly opening: Promise<OpenSession>;
  readonly ending: AbortController;
  session: UpstreamSession | null;
}

export function createSessionPool(open: OpenSessionFor): SessionPool {
  const entries = new Map<string, Entry>();
  /** Sessions of which something may be left: a process, a connection. */
  const live = new Set<UpstreamSession>();

  function begin(owner: SessionOwner, call: UpstreamCallObservation): Entry {
    // The handshake belongs to all who wait for it, so it ends with the owner and not with the call that began it.
    const ending = new AbortController();
    const opening = open(owner, call, ending.signal);
    const entry: Entry = { opening, ending, session: null };
    entries.set(owner.id, entry);
    opening.then(
      ({ session }) => {
        entry.session = session;
        live.add(session);
      },
      () => {
        if (entries.get(owner.id) === entry) entries.delete(owner.id);
      },
    );
    return entry;
  }

  function usable(ownerId: string): Entry | undefined {
    const entry = entries.get(ownerId);
    if (entry?.session?.isClosed !== true) return entry;
    entries.delete(ownerId);
    void letGo(entry.session);
    return undefined;
  }

  async function letGo(session: UpstreamSession): Promise<void> {
    await session.closeWhenUnused();
    live.delete(session);
  }

  async function close(session: UpstreamSession): Promise<void> {
    await session.close();
    live.delete(session);
  }

  async function release(ownerId: string): Promise<void> {
    const entry = entries.get(ownerId);
    entries.delete(ownerId);
    if (entry === undefined) return;
    entry.ending.abort();
    try {
      const { session } = await entry.opening;
      await close(session);
    } catch {
      // It never opened: whoever waited for it has been told.
    }
  }

  return {
    acquire(owner, call, signal) {
      const existing = usable(owner.id);
      call.sessionReused(existing !== undefined);
      if (existing?.session != null && !signal.aborted) return existing.opening;
      return orAborted((existing ?? begin(owner, call)).opening, signal);
    },
    peek: (ownerId) => usable(ownerId)?.opening,
    current(ownerId) {
      const session = entries.get(ownerId)?.session ?? null;
      return session?.isClosed === false ? session : null;
    },
    get isBusy() {
      return [...entries.values()].some(({ session }) => session === null || session.pendingCount > 0);
    },
    release,
    async closeAll() {
      await Promise.all([...entries.keys()].map(release));
      await Promise.all([...live].map(close));
    },
  };
}

/** Stops waiting when the caller leaves; what it waited for goes on. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(cancelled());
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function cancelled(): UpstreamFailure {
  return new UpstreamFailure('cancelled', 'The caller cancelled the call.');
}
