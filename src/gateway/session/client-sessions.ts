import type { Envelope } from '../era/envelope.ts';
import type { RequestFrame } from '../frame/frame.ts';
import { handshakeFor } from '../upstream/handshake.ts';
import type { QuestionWatch } from '../upstream/question.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { ClientSession, isSameScope, type ClientSessionOptions, type Scope } from './client-session.ts';
import type { EventStore } from './event-store.ts';
import { SessionStreams } from './session-streams.ts';

/**
 * The clients that are connected. Bounded in number; who has been silent for long is let go, and whoever has said nothing
 * since `initialize` sooner: its client may have left before it had the answer, and then nobody will ever end it.
 */
export interface ClientSessions {
  /** For a client that will name its session in `Mcp-Session-Id`. Null when the gateway is full of sessions in use. */
  open(scope: Scope, initialize: RequestFrame): ClientSession | null;
  /** For a client on an event stream of this id; whoever owns the stream closes the session with it. */
  openOnStream(id: string, scope: Scope, initialize: RequestFrame): ClientSession | null;
  /** For requests of the stateless era that say this of their client. */
  openStateless(scope: Scope, envelope: Envelope): ClientSession | null;
  /** False once a session was closed. */
  has(session: ClientSession): boolean;
  /** Its client has shown that it is there. */
  touch(session: ClientSession): void;
  /** The session of this id that was opened by `open`, only within its own scope. */
  find(id: string, scope: Scope): ClientSession | null;
  /** The one session of all who call without a session: made when first asked for, kept until the end, in no list. */
  ofNobody(): ClientSession;
  all(): readonly ClientSession[];
  /** Ends a session and what it held with servers. */
  close(session: ClientSession): Promise<void>;
  stop(): Promise<void>;
}

export interface ClientSessionsOptions {
  readonly servers: ServerRegistry;
  /** Told of what servers ask clients outside of calls. */
  readonly watch: QuestionWatch;
  readonly now: () => number;
  readonly maxSessions: number;
  readonly idleMillis: number;
  readonly events: EventStore;
  /** How long a client that lost its connection may take to come back. */
  readonly graceMillis: number;
  /** What the session of nobody is opened with at servers. */
  readonly initializeOfNobody: () => RequestFrame;
}

const SWEEP_MILLIS = 60_000;
const UNUSED_MILLIS = 60_000;

export function createClientSessions(options: ClientSessionsOptions): ClientSessions {
  const { servers, watch, now, maxSessions, idleMillis, events, graceMillis } = options;
  const sessions = new Map<string, ClientSession>();
  const openStreams = (): SessionStreams => new SessionStreams(events.openSession(), graceMillis);
  let nobody: ClientSession | null = null;

  function add(session: Omit<ClientSessionOptions, 'now' | 'openStreams' | 'watch'>): ClientSession | null {
    if (sessions.size >= maxSessions && !makeRoom()) return null;
    const added = new ClientSession({ ...session, now: now(), openStreams, watch });
    sessions.set(added.id, added);
    return added;
  }

  /** Lets go of the oldest session that nobody has come back to. */
  function makeRoom(): boolean {
    const oldest = [...sessions.values()].find((session) => isUnused(session) && session.calls.size === 0);
    if (oldest !== undefined) void close(oldest);
    return oldest !== undefined;
  }

  async function close(session: ClientSession): Promise<void> {
    if (sessions.delete(session.id)) await end(session);
  }

  async function end(session: ClientSession): Promise<void> {
    session.end();
    await Promise.all(servers.all().map((server) => server.release(session.id)));
  }

  function touch(session: ClientSession): void {
    session.lastUsedAt = now();
    session.hasBeenUsed = true;
  }

  function isIdle(session: ClientSession): boolean {
    if (session.kind === 'stream' || session.calls.size > 0 || session.isListening) return false;
    const patience = isUnused(session) ? Math.min(UNUSED_MILLIS, idleMillis) : idleMillis;
    return now() - session.lastUsedAt > patience;
  }

  const sweep = setInterval(() => {
    for (const session of [...sessions.values()].filter(isIdle)) void close(session);
  }, SWEEP_MILLIS);
  sweep.unref();

  return {
    open: (scope, initialize) => add({ kind: 'header', scope, initialize }),
    openOnStream: (id, scope, initialize) => add({ kind: 'stream', scope, initialize, id }),
    openStateless: (scope, envelope) =>
      add({ kind: 'stateless', scope, initialize: handshakeFor(envelope), protocolVersion: envelope.protocolVersion }),
    has: (session) => sessions.get(session.id) === session,
    touch,
    find(id, scope) {
      const session = sessions.get(id);
      if (session?.kind !== 'header') return null;
      if (!isSameScope(session.scope, scope)) return null;
      touch(session);
      return session;
    },
    ofNobody() {
      nobody ??= new ClientSession({
        kind: 'nobody',
        scope: { kind: 'all' },
        initialize: options.initializeOfNobody(),
        now: now(),
        openStreams,
        watch,
      });
      return nobody;
    },
    all: () => [...sessions.values()],
    close,
    async stop() {
      clearInterval(sweep);
      await Promise.all([...sessions.values()].map(close));
      if (nobody !== null) await end(nobody);
    },
  };
}

/** One on a stream ends with it. */
function isUnused({ kind, hasBeenUsed }: ClientSession): boolean {
  return kind === 'header' && !hasBeenUsed;
}
