import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { UpstreamFailure } from '../failure.ts';
import { shakeHands } from './handshake.ts';
import { createHttpTransport } from './http-transport.ts';
import type { NoiseLog } from './noise-log.ts';
import type { OpenSessionFor, SessionOwner } from './session-pool.ts';
import type { UpstreamSettings } from './settings.ts';
import { createStdioTransport } from './stdio-transport.ts';
import type { Transport } from './transport.ts';
import { outcomeOf, outcomeOfFailure, startUpstreamSession, type UpstreamSession } from './upstream-session.ts';

export interface SessionOpenerOptions {
  readonly id: ServerId;
  readonly config: ServerConfig;
  readonly settings: UpstreamSettings;
  readonly noise: NoiseLog;
  readonly onNoise: () => void;
}

/**
 * Opens sessions with one server: start, handshake, ready. Starting is part of the handshake's span, so that a server
 * that is slow to start, or does not, shows there.
 */
export function createSessionOpener(options: SessionOpenerOptions): OpenSessionFor {
  const { settings, noise } = options;
  return async (owner, call, signal) => {
    const observation = call.initialize();
    let session: UpstreamSession | null = null;
    try {
      session = await start(owner, options);
      const introduction = await shakeHands({
        session,
        initialize: owner.initialize,
        observation,
        timeoutMillis: settings.connectTimeoutMillis,
        signal,
      });
      observation.end(outcomeOf(introduction.answer, null), introduction.protocolVersion);
      return { session, introduction };
    } catch (error) {
      const explained = withNoise(error, noise);
      observation.end(outcomeOfFailure(explained, settings.sanitize, null), null);
      await session?.close();
      throw explained;
    }
  };
}

async function start(owner: SessionOwner, options: SessionOpenerOptions): Promise<UpstreamSession> {
  const session = await startUpstreamSession({
    serverId: options.id,
    transport: transportFor(options),
    events: {
      request: (frame) => {
        owner.request(frame, session);
      },
      notification: (frame) => {
        owner.notification(frame, session);
      },
      noise: (line, from) => {
        options.noise.add(line, from, options.settings.clock.now());
        options.onNoise();
      },
      closed: (reason) => {
        owner.closed(reason);
      },
    },
  });
  return session;
}

function transportFor({ id, config, settings }: SessionOpenerOptions): Transport {
  const { clock, environment } = settings;
  return config.type === 'stdio'
    ? createStdioTransport({ serverId: id, config, clock, environment })
    : createHttpTransport({ serverId: id, config, clock });
}

/** A server that fills stdout with other things is best told so. */
function withNoise(error: unknown, noise: NoiseLog): unknown {
  const first = noise.firstOnStdout();
  if (first === null || !(error instanceof UpstreamFailure) || error.category === 'cancelled') return error;
  const hint = ` It prints on stdout what is no MCP message, for example: "${first}"`;
  return new UpstreamFailure(error.category, `${error.message}${hint}`, { cause: error });
}
