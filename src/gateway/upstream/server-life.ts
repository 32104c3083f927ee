import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerState } from '../../shared/domain/server.ts';
import type { Clock, EpochMillis } from '../clock.ts';
import { NOBODY_THERE, UpstreamFailure, type FailureCategory } from '../failure.ts';
import { pauseBefore } from './back-off.ts';

export interface ServerLifeOptions {
  readonly serverId: ServerId;
  readonly clock: Clock;
  readonly sanitize: (text: string) => string;
  /** False for a server that runs elsewhere: what is not found today may be there tomorrow. */
  readonly isStartedHere: boolean;
  /** Opens the gateway's own session and reads the lists. Rejects when that failed. */
  readonly attempt: (reason: 'connect' | 'restart') => Promise<void>;
  /** Ends every session. */
  readonly closeAll: () => Promise<void>;
  /** Lets go of what sessions shared. */
  readonly letGo: () => Promise<void>;
  readonly onChange: () => void;
}

/**
 * Whether a server is there, and what is done about it when it is not: one that ends unasked is started again, later each
 * time it fails; one that nobody uses sleeps; one that somebody stopped stays so.
 */
export interface ServerLife {
  readonly state: ServerState;
  /** One sentence, sanitized. */
  readonly failure: string | null;
  readonly retryAt: EpochMillis | null;
  /** Why calls are refused; null when they may try. */
  readonly refusal: string | null;
  /** Starts the server, or starts it over. Resolves when it is known how the first attempt went. */
  connect(): Promise<void>;
  /** Keeps the server from being started until `connect` is called, and shows why. */
  hold(why: string): void;
  /** Resolves when an attempt under way is over. */
  settled(): Promise<void>;
  /** The gateway's own session ended and nobody had asked it to. */
  lost(why: string): void;
  /** A call found the server there, or not; where nobody else looks after it, that is followed up at once. */
  called(wasThere: boolean): void;
  /** Stops the server until the next call. */
  sleep(): Promise<void>;
  stop(): Promise<void>;
}

const BACK_OFF = { first: 500, most: 30_000 };
/** A server that was never there is given up after this many attempts. */
const FIRST_ATTEMPTS = 3;
/** Who stays up this long starts over with the shortest pause. */
const STEADY_MILLIS = 60_000;

/** What may be better a moment later, also for a server that was never there. */
const PASSING: ReadonlySet<FailureCategory> = new Set([...NOBODY_THERE, 'upstream_server_error']);

export function createServerLife(options: ServerLifeOptions): ServerLife {
  return new Life(options);
}

class Life implements ServerLife {
  readonly #options: ServerLifeOptions;
  #state: ServerState = 'stopped';
  #failure: string | null = null;
  #retryAt: EpochMillis | null = null;
  #isHeld = false;
  /** What was begun in an earlier one changes nothing any more. */
  #epoch = 0;
  #failures = 0;
  #connectedAt: EpochMillis | null = null;
  #timer: NodeJS.Timeout | undefined;
  #attempt: Promise<void> = Promise.resolve();
  #isTrying = false;
  #lostMeanwhile: string | null = null;

  constructor(options: ServerLifeOptions) {
    this.#options = options;
  }

  get state(): ServerState {
    return this.#state;
  }

  get failure(): string | null {
    return this.#failure;
  }

  get retryAt(): EpochMillis | null {
    return this.#retryAt;
  }

  get refusal(): string | null {
    if (this.#isHeld) return this.#failure;
    if (this.#state !== 'stopped') return null;
    return `Server "${this.#options.serverId}" is stopped; start it to use it.`;
  }

  connect(): Promise<void> {
    this.#leave();
    this.#failures = 0;
    this.#connectedAt = null;
    this.#set('connecting', null);
    return this.#try('connect');
  }

  hold(why: string): void {
    this.#leave();
    this.#isHeld = true;
    this.#set('failed', why);
  }

  settled(): Promise<void> {
    return this.#attempt;
  }

  lost(why: string): void {
    if (this.#isTrying) this.#lostMeanwhile = why;
    else if (this.#state === 'connected') this.#restartLater(this.#options.sanitize(why));
  }

  called(wasThere: boolean): void {
    if (this.#isTrying || this.#isHeld) return;
    if (this.#state === 'idle') {
      this.#set('connecting', null);
      void this.#try('connect');
    } else if (wasThere && (this.#state === 'restarting' || this.#state === 'failed')) void this.#try('restart');
  }

  async sleep(): Promise<void> {
    if (this.#state !== 'connected') return;
    this.#leave();
    this.#set('idle', null);
    await this.#options.closeAll();
  }

  async stop(): Promise<void> {
    const attempt = this.#attempt;
    this.#leave();
    this.#set('stopped', null);
    const epoch = this.#epoch;
    await this.#options.closeAll();
    await attempt;
    // Whoever started it again meanwhile shares it.
    if (epoch === this.#epoch) await this.#options.letGo();
  }

  #try(reason: 'connect' | 'restart'): Promise<void> {
    clearTimeout(this.#timer);
    const epoch = this.#epoch;
    this.#isTrying = true;
    this.#lostMeanwhile = null;
    if (this.#retryAt !== null) this.#set(this.#state, this.#failure);
    this.#attempt = this.#options.attempt(reason).then(
      () => {
        if (epoch === this.#epoch) this.#succeeded();
      },
      (error: unknown) => {
        if (epoch === this.#epoch) this.#failed(error);
      },
    );
    return this.#attempt;
  }

  #succeeded(): void {
    this.#isTrying = false;
    this.#connectedAt = this.#options.clock.now();
    const lost = this.#lostMeanwhile;
    if (lost === null) this.#set('connected', null);
    else this.#restartLater(this.#options.sanitize(lost));
  }

  #failed(error: unknown): void {
    this.#isTrying = false;
    const message = this.#options.sanitize(error instanceof Error ? error.message : String(error));
    const category = error instanceof UpstreamFailure ? error.category : 'unknown';
    if (this.#isHopeless(category)) this.#set('failed', message);
    else this.#restartLater(message);
  }

  #isHopeless(category: FailureCategory): boolean {
    if (category === 'not_found' && this.#options.isStartedHere) return true;
    if (this.#connectedAt !== null) return false;
    return !PASSING.has(category) || this.#failures + 1 >= FIRST_ATTEMPTS;
  }

  #restartLater(why: string): void {
    const now = this.#options.clock.now();
    const wasSteady = this.#state === 'connected' && now - (this.#connectedAt ?? now) >= STEADY_MILLIS;
    this.#failures = wasSteady ? 1 : this.#failures + 1;
    const pause = pauseBefore(this.#failures, BACK_OFF, Math.random());
    const again = this.#connectedAt === null ? 'It is tried again.' : 'It is being restarted.';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#try('restart');
    }, pause);
    this.#timer.unref();
    this.#set('restarting', `${why} ${again}`, now + pause);
  }

  /** Ends what the present state has begun. */
  #leave(): void {
    this.#epoch += 1;
    this.#isTrying = false;
    this.#isHeld = false;
    clearTimeout(this.#timer);
  }

  #set(state: ServerState, failure: string | null, retryAt: EpochMillis | null = null): void {
    this.#state = state;
    this.#failure = failure;
    this.#retryAt = retryAt;
    this.#options.onChange();
  }
}
