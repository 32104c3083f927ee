import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig, SessionMode } from '../../shared/domain/server.ts';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observer.ts';

/** What every server behind one gateway is given. */
export interface UpstreamSettings {
  readonly clock: Clock;
  readonly observer: Observer;
  /** Makes text safe to show; used for every sentence and line that leaves the gateway's memory. */
  readonly sanitize: (text: string) => string;
  readonly gatewayVersion: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where and how a server that is started may send its own spans (`OTEL_*`); empty or left out: nowhere. */
  readonly telemetryEnvironment?: (id: ServerId) => Readonly<Record<string, string>>;
  readonly connectTimeoutMillis: number;
  /** 0: the gateway adds no time-out of its own. */
  readonly requestTimeoutMillis: number;
  /** `dedicated`: one upstream session per client. `shared`: one for all. */
  readonly sessions: SessionMode;
  /** A server that nobody used for this long is stopped until the next call; 0 keeps it. */
  readonly idleStopMillis: number;
  /** How often a connected server is asked whether it is there (`ping`); 0 never. */
  readonly healthCheckMillis: number;
}

/** The gateway's settings, but for what this server's own configuration says. */
export function settingsFor(config: ServerConfig, settings: UpstreamSettings): UpstreamSettings {
  return {
    ...settings,
    sessions: config.session ?? settings.sessions,
    idleStopMillis: config.idleStopMs ?? settings.idleStopMillis,
  };
}
