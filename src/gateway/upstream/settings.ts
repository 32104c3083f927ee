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
  readonly connectTimeoutMillis: number;
  /** 0: the gateway adds no time-out of its own. */
  readonly requestTimeoutMillis: number;
  /** `dedicated`: one upstream session per client. `shared`: one for all. */
  readonly sessions: 'dedicated' | 'shared';
}
