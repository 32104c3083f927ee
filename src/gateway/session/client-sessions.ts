import type { RequestFrame } from '../frame/frame.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { ClientSession, type Scope } from './client-session.ts';

/** The clients that are connected. Bounded in number; who has been silent for long is let go. */
export interface ClientSessions {
  /** Null when the gateway is full. */
  open(scope: Scope, initialize: RequestFrame): ClientSession | null;
  /** The session of this id, only within its own scope. */
  find(id: string, scope: Scope): ClientSession | null;
  all(): readonly ClientSession[];
  /** Ends a session and what it held with servers. */
  close(session: ClientSession): Promise<void>;
  stop(): Promise<void>;
}

export interface ClientSessionsOptions {
  readonly servers: ServerRegistry;
  readonly now: () => number;
  readonly maxSessions: number;
  readonly idleMillis: number;
}

const SWEEP_MILLIS = 60_000;

export function createClientSessions({ servers, now, maxSessions, idleMillis }: ClientSessionsOptions): ClientSessions {
  const sessions = new Map<string, ClientSession>();

  async function close(session: ClientSession): Promise<void> {
    if (!sessions.delete(session.id)) return;
    session.end();
    await Promise.all(servers.all().map((server) => server.release(session.id)));
  }

  function isIdle(session: ClientSession): boolean {
    return session.calls.size === 0 && !session.isListening && now() - session.lastUsedAt > idleMillis;
  }

  const sweep = setInterval(() => {
    for (const session of [...sessions.values()].filter(isIdle)) void close(session);
  }, SWEEP_MILLIS);
  sweep.unref();

  return {
    open(scope, initialize) {
      if (sessions.size >= maxSessions) return null;
      const session = new ClientSession(scope, initialize, now());
      sessions.set(session.id, session);
      return session;
    },
    find(id, scope) {
      const session = sessions.get(id);
      if (session === undefined || !isSameScope(session.scope, scope)) return null;
      session.lastUsedAt = now();
      return session;
    },
    all: () => [...sessions.values()],
    close,
    async stop() {
      clearInterval(sweep);
      await Promise.all([...sessions.values()].map(close));
    },
  };
}

function isSameScope(a: Scope, b: Scope): boolean {
  if (a.kind === 'server' && b.kind === 'server') return a.serverId === b.serverId;
  if (a.kind === 'virtual' && b.kind === 'virtual') return a.id === b.id;
  return a.kind === b.kind;
}
