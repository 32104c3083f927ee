import { UpstreamFailure, type FailureCategory } from '../failure.ts';
import type { RequestFrame } from '../frame/frame.ts';
import type { OpeningObservation, UpstreamCallObservation } from '../observer.ts';
import type { EraVerdict, ServerEra } from './era-verdict.ts';
import { discover, shakeHands, type HandshakeOptions, type Introduction } from './handshake.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import { orAborted } from './session-pool.ts';
import type { UpstreamSession } from './upstream-session.ts';

export interface OpeningOptions {
  /** A session that is not started yet. */
  readonly create: () => UpstreamSession;
  readonly initialize: RequestFrame;
  readonly call: UpstreamCallObservation;
  readonly signal: AbortSignal;
  readonly timeoutMillis: number;
  /** Null where the transport is one that only the older era has. */
  readonly verdict: EraVerdict | null;
  /** Over HTTP nothing of an attempt in one era may be left in the next; a process is spoken to further. */
  readonly opensAnew: boolean;
  readonly explain: (error: unknown) => unknown;
  /** Tells the server's log what was done with it. */
  readonly note: (sentence: string) => void;
  readonly sanitize: (text: string) => string;
}

export interface Opened {
  readonly session: UpstreamSession;
  readonly introduction: Introduction;
  /** The last thing that was said, for whoever has more to say in its name. */
  readonly observation: OpeningObservation;
}

/** The server turned out to know no sessions, so none of one's own is needed. */
export class NoSessionNeeded extends Error {
  override readonly name = 'NoSessionNeeded';
}

const ENDED_WHEN_ASKED =
  'It ended when it was asked for its era (server/discover), and is started again with the handshake.';
/** A server of the older era may leave unanswered what it does not know, and is then taken for one. */
const PROBE_MILLIS = 3_000;
/** What says of a server that was asked for its era that asking in another way is of no use. */
const HOPELESS: ReadonlySet<FailureCategory> = new Set<FailureCategory>([
  'cancelled',
  'connection_refused',
  'dns_resolution',
  'network_error',
  'ssl_tls',
]);
/** What a server may answer to a method that its era does not have; nothing of it says that the server is not there. */
const REFUSALS: ReadonlySet<FailureCategory> = new Set<FailureCategory>([
  'mcp_protocol_error',
  'http_error',
  'not_found',
]);

/**
 * Starts a server and opens a session with it in the era it is of: `server/discover` first, and the handshake where that
 * is not known (MCP 2026-07-28, "Era detection"). A verdict from before saves the question, and is corrected where it is
 * no longer true. Rejects with an UpstreamFailure, or with NoSessionNeeded.
 */
export async function openSessionWith(options: OpeningOptions): Promise<Opened> {
  const opening = new Opening(options);
  const onAbort = (): void => {
    void opening.close();
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await opening.run();
  } catch (error) {
    await opening.close();
    throw options.explain(error);
  } finally {
    options.signal.removeEventListener('abort', onAbort);
  }
}

interface Found extends Pick<Opened, 'introduction' | 'observation'> {
  readonly era: ServerEra;
}

class Opening {
  readonly #options: OpeningOptions;
  #session: UpstreamSession;
  #starting: Promise<void> | null = null;
  /** Why the server cannot be spoken to in the newer era, although it is of it. */
  #otherVersion: UpstreamFailure | null = null;

  constructor(options: OpeningOptions) {
    this.#options = options;
    this.#session = options.create();
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async run(): Promise<Opened> {
    const { introduction, observation } = await this.#found();
    return { introduction, observation, session: this.#session };
  }

  async #found(): Promise<Found> {
    const { verdict } = this.#options;
    if (verdict === null) return await this.#handshake();
    if (verdict.era === null && verdict.pending !== null) await this.#othersVerdict(verdict, verdict.pending);
    const stopFinding = verdict.era === null ? verdict.finding() : null;
    try {
      const found = await (verdict.era === 'legacy' ? this.#legacyFirst() : this.#modernFirst(verdict.era));
      verdict.learn(found.era);
      return found;
    } finally {
      stopFinding?.();
    }
  }

  /** Meanwhile the process is started, since servers of the older era need one for each client. */
  async #othersVerdict(verdict: EraVerdict, pending: Promise<void>): Promise<void> {
    const starting = this.#start(this.#options.call);
    // Whoever goes on awaits it, and hears why it failed.
    starting.catch(() => undefined);
    await orAborted(pending, this.#options.signal);
    if (verdict.era === 'modern') throw new NoSessionNeeded();
  }

  async #modernFirst(known: ServerEra | null): Promise<Found> {
    const { timeoutMillis, opensAnew } = this.#options;
    const found = await this.#discovery(known === null ? Math.min(PROBE_MILLIS, timeoutMillis) : timeoutMillis);
    if (found !== null) return found;
    const hasEnded = this.#session.isClosed;
    if (hasEnded) this.#options.note(ENDED_WHEN_ASKED);
    const isFresh = opensAnew || hasEnded;
    if (isFresh) await this.#openAnew();
    else this.#session.speakModern(null);
    try {
      return await this.#legacyFirst();
    } catch (refused) {
      if (this.#otherVersion !== null && isRefusal(refused)) throw this.#otherVersion;
      if (isFresh || !this.#session.isClosed || this.#options.signal.aborted) throw refused;
      // There are servers that end when anything comes before the handshake.
      await this.#openAnew();
      return await this.#handshake();
    }
  }

  /** A server that refuses the handshake may have become one of the newer era, or was too slow to be asked. */
  async #legacyFirst(): Promise<Found> {
    try {
      return await this.#handshake();
    } catch (refused) {
      if (this.#options.verdict === null || this.#session.isClosed || !isRefusal(refused)) throw refused;
      const found = await this.#discovery(this.#options.timeoutMillis);
      if (found === null) throw refused;
      return found;
    }
  }

  async #handshake(): Promise<Found> {
    const observation = this.#options.call.opening('initialize');
    try {
      await this.#start(observation);
      const introduction = await shakeHands(this.#exchange(observation, this.#options.timeoutMillis));
      observation.end(outcomeOf(introduction.answer, null), introduction.protocolVersion);
      return { introduction, observation, era: 'legacy' };
    } catch (error) {
      this.#failed(observation, error);
      throw error;
    }
  }

  /** Null when nothing says that the server is of the newer era. */
  async #discovery(timeoutMillis: number): Promise<Found | null> {
    const observation = this.#options.call.opening('server/discover');
    try {
      await this.#start(observation);
    } catch (error) {
      this.#failed(observation, error);
      throw error;
    }
    const discovery = await discover(this.#exchange(observation, timeoutMillis)).catch((error: unknown) => {
      if (!(error instanceof UpstreamFailure) || HOPELESS.has(error.category)) {
        this.#failed(observation, error);
        throw error;
      }
      return null;
    });
    if (discovery?.kind === 'modern') {
      const { introduction } = discovery;
      observation.end(outcomeOf(introduction.answer, null), introduction.protocolVersion);
      return { introduction, observation, era: 'modern' };
    }
    if (discovery?.kind === 'other-version')
      this.#otherVersion = new UpstreamFailure('mcp_protocol_error', discovery.sentence);
    // However the server refused: it was asked for its era, and that is an answer.
    observation.end({ kind: 'result', isToolError: false, messageText: null }, null);
    return null;
  }

  #exchange(observation: OpeningObservation, timeoutMillis: number): HandshakeOptions {
    const { initialize, signal } = this.#options;
    return { session: this.#session, initialize, observation, timeoutMillis, signal };
  }

  #failed(observation: OpeningObservation, error: unknown): void {
    const { explain, sanitize } = this.#options;
    observation.end(outcomeOfFailure(explain(error), sanitize, null), null);
  }

  #start({ traceContext }: Pick<OpeningObservation, 'traceContext'>): Promise<void> {
    this.#starting ??= this.#session.start(traceContext);
    return this.#starting;
  }

  async #openAnew(): Promise<void> {
    await orAborted(this.#session.close(), this.#options.signal);
    this.#session = this.#options.create();
    this.#starting = null;
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof UpstreamFailure && REFUSALS.has(thrown.category);
}
