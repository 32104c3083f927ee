import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { UpstreamFailure } from '../failure.ts';
import type { RequestFrame } from '../frame/frame.ts';
import type { InitializeObservation } from '../observer.ts';
import { shakeHands } from './handshake.ts';
import type { NoiseLog } from './noise-log.ts';
import type { OpenSessionFor, SessionOwner } from './session-pool.ts';
import type { UpstreamSettings } from './settings.ts';
import type { Transports } from './transports.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import { createUpstreamSession, type UpstreamSession } from './upstream-session.ts';

export interface SessionOpenerOptions {
  readonly id: ServerId;
  readonly config: ServerConfig;
  readonly settings: UpstreamSettings;
  readonly transports: Transports;
  readonly noise: NoiseLog;
  readonly onNoise: () => void;
  /** What this owner had set on its last session. */
  readonly replay: (owner: SessionOwner) => readonly RequestFrame[];
}

/**
 * Opens sessions with one server: start, handshake, what the owner had set before, ready. Starting is part of the
 * handshake's span, so that a server that is slow to start, or does not, shows there.
 */
export function createSessionOpener(options: SessionOpenerOptions): OpenSessionFor {
  const { settings, noise } = options;
  return async (owner, call, signal) => {
    const observation = call.initialize();
    const session = sessionFor(owner, options);
    const onAbort = (): void => {
      void session.close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await session.start();
      const timeoutMillis = settings.connectTimeoutMillis;
      const handshake = { session, initialize: owner.initialize, observation, timeoutMillis, signal };
      const introduction = await shakeHands(handshake);
      observation.end(outcomeOf(introduction.answer, null), introduction.protocolVersion);
      await restore(owner, session, { observation, signal, timeoutMillis, requests: options.replay(owner) });
      return { session, introduction };
    } catch (error) {
      const explained = withNoise(error, noise);
      observation.end(outcomeOfFailure(explained, settings.sanitize, null), null);
      await session.close();
      throw explained;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

function sessionFor(
  owner: SessionOwner,
  { id, config, settings, transports, noise, onNoise }: SessionOpenerOptions,
): UpstreamSession {
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
        owner.notification(frame, session);
      },
      noise: (line, from, at) => {
        noise.add(line, from, at);
        onNoise();
      },
      closed: (reason) => {
        owner.closed(reason, session);
      },
    },
  });
  return session;
}

interface Restoring {
  readonly observation: InitializeObservation;
  readonly signal: AbortSignal;
  readonly timeoutMillis: number;
  readonly requests: readonly RequestFrame[];
}

/** A wish the server no longer grants is its own to refuse; a server that is gone shows in the next call. */
async function restore(owner: SessionOwner, session: UpstreamSession, restoring: Restoring): Promise<void> {
  const { observation, signal, timeoutMillis, requests } = restoring;
  const silent = { ...observation, sent: () => undefined, received: () => undefined, printed: () => undefined };
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
