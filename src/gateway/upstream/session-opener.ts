import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { isModernVersion } from '../era/envelope.ts';
import { UpstreamFailure } from '../failure.ts';
import type { RequestFrame } from '../frame/frame.ts';
import type { OpeningObservation } from '../observer.ts';
import type { EraVerdict } from './era-verdict.ts';
import type { NoiseLog } from './noise-log.ts';
import { openSessionWith } from './opening.ts';
import type { OpenSessionFor, SessionOwner } from './session-pool.ts';
import type { UpstreamSettings } from './settings.ts';
import type { Transports } from './transports.ts';
import type { Closed } from './transport.ts';
import { createUpstreamSession, type UpstreamSession } from './upstream-session.ts';

export interface SessionOpenerOptions {
  readonly id: ServerId;
  readonly config: ServerConfig;
  readonly settings: UpstreamSettings;
  readonly transports: Transports;
  readonly verdict: EraVerdict;
  readonly noise: NoiseLog;
  readonly onNoise: () => void;
  /** What this owner had set on its last session. */
  readonly replay: (owner: SessionOwner) => readonly RequestFrame[];
}

/** Opens sessions with one server, in the era it is of, and sets what the owner had set before. */
export function createSessionOpener(options: SessionOpenerOptions): OpenSessionFor {
  const { config, settings, noise, verdict } = options;
  const timeoutMillis = settings.connectTimeoutMillis;
  return async (owner, call, signal) => {
    const line = sessionsFor(owner, options);
    const { session, introduction, observation } = await openSessionWith({
      create: line.create,
      initialize: owner.initialize,
      call,
      signal,
      timeoutMillis,
      verdict: config.type === 'sse' ? null : verdict,
      opensAnew: config.type !== 'stdio',
      explain: (error) => withNoise(error, noise),
      note: (sentence) => {
        noise.add(sentence, 'stderr', settings.clock.now());
        options.onNoise();
      },
      sanitize: settings.sanitize,
    });
    line.chosen(session);
    // In the stateless era a session keeps nothing that was set on it.
    if (!isModernVersion(introduction.protocolVersion))
      await restore(owner, session, { observation, signal, timeoutMillis, requests: options.replay(owner) });
    return { session, introduction };
  };
}

/** Late words about a call, and a question taken back, which says so itself: no news to anybody else. */
const OF_ONE_EXCHANGE: ReadonlySet<string> = new Set(['notifications/progress', 'notifications/cancelled']);

interface SessionLine {
  /** A session that is not started yet. */
  create(): UpstreamSession;
  /** This is the one that was opened: its end is news from now on, whatever became of those before it. */
  chosen(session: UpstreamSession): void;
}

function sessionsFor(
  owner: SessionOwner,
  { id, config, settings, transports, noise, onNoise }: SessionOpenerOptions,
): SessionLine {
  let chosen: UpstreamSession | null = null;
  const ended = new Map<UpstreamSession, Closed>();
  return {
    create() {
      const session: UpstreamSession = createUpstreamSession({
        serverId: id,
        transport: transports.create(),
        clock: settings.clock,
        sendsTraceContext: config.traceContext !== false,
        events: {
          request: (frame) => {
            owner.request(frame, session);
          },
          notification: (frame) => {
            if (!OF_ONE_EXCHANGE.has(frame.method)) settings.observer.news({ ...frame, serverId: id });
            owner.notification(frame, session);
          },
          noise: (line, from, at) => {
            noise.add(line, from, at);
            onNoise();
          },
          closed: (reason) => {
            if (session === chosen) owner.closed(reason, session);
            else ended.set(session, reason);
          },
        },
      });
      return session;
    },
    chosen(session) {
      chosen = session;
      const reason = ended.get(session);
      if (reason !== undefined) owner.closed(reason, session);
    },
  };
}

interface Restoring {
  readonly observation: OpeningObservation;
  readonly signal: AbortSignal;
  readonly timeoutMillis: number;
  readonly requests: readonly RequestFrame[];
}

/** A wish the server no longer grants is its own to refuse; a server that is gone shows in the next call. */
async function restore(owner: SessionOwner, session: UpstreamSession, restoring: Restoring): Promise<void> {
  const { observation, signal, timeoutMillis, requests } = restoring;
  const ignore = (): void => undefined;
  const silent = { ...observation, sent: ignore, received: ignore, printed: ignore, told: ignore };
  const options = {
    ownerId: owner.id,
    initialize: owner.initialize,
    call: silent,
    signal,
    timeoutMillis,
    progressTokenText: null,
  };
  await Promise.allSettled(
    requests.map((request) =>
      session.request(request, {
        ...options,
        onRelated: (frame) => {
          if (frame.kind === 'request') owner.request(frame, session);
          else owner.notification(frame, session);
        },
      }),
    ),
  );
}

/** A server that fills stdout with other things is best told so. */
function withNoise(error: unknown, noise: NoiseLog): unknown {
  const first = noise.firstOnStdout();
  if (first === null || !(error instanceof UpstreamFailure) || error.category === 'cancelled') return error;
  const hint = ` It prints on stdout what is no MCP message, for example: "${first}"`;
  return new UpstreamFailure(error.category, `${error.message}${hint}`, { cause: error });
}
