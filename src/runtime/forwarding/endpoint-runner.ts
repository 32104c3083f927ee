import type { OtlpSender, SendOutcome } from '../../otlp/send/otlp-sender.ts';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { ForwardCounts, ForwardState } from '../../shared/domain/forwarding.ts';
import type { UnixNano } from '../../shared/domain/ids.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { TraceStore } from '../../store/port.ts';
import { createNews } from '../news.ts';
import { BACK_OFF, pauseAfter, type BackOff } from './back-off.ts';
import { StoreFollower, type FollowerParts } from './follow-store.ts';
import { nextBatch, type Batch, type BatchSource } from './next-batch.ts';
import { createSentSpans, type SentSpans } from './sent-spans.ts';
import { createTraceQueue } from './trace-queue.ts';

/** Where an endpoint's work begins, or where one that takes its place goes on. */
export interface ForwardStart {
  readonly cursor: Cursor;
  readonly since: UnixNano;
  readonly sent: SentSpans;
}

export interface RunnerStatus {
  readonly state: ForwardState;
  readonly counts: ForwardCounts;
  /** Not redacted. */
  readonly lastError: string | null;
  readonly lastSentAt: number | null;
}

export interface ForwardLimits {
  /** After so long, what has ended of a trace is sent although it goes on, in milliseconds. */
  readonly lingerMs: number;
  readonly backOff: BackOff;
  readonly maxQueuedTraces: number;
}

export const FORWARD_LIMITS: ForwardLimits = { lingerMs: 30_000, backOff: BACK_OFF, maxQueuedTraces: 10_000 };

const IDLE_MS = 60_000;
/** Between two attempts while the gateway ends. */
const LAST_PAUSE_MS = 250;

export interface RunnerParts extends Pick<BatchSource, 'encode' | 'endpoint' | 'sampler'> {
  readonly store: Pick<TraceStore, 'feed' | 'watch' | 'payloads'>;
  readonly filter: string;
  readonly imported: FollowerParts['imported'];
  readonly start: ForwardStart;
  readonly sender: OtlpSender;
  readonly limits: ForwardLimits;
  /** `count`: only a number is another. */
  readonly onChange: (what: 'state' | 'count') => void;
  readonly onDefect: (thrown: unknown) => void;
}

/** Sends the traces that match one endpoint's filter, one request at a time; it slows nobody and no other endpoint. */
export class EndpointRunner {
  readonly #parts: RunnerParts;
  readonly #queue;
  readonly #sent: SentSpans;
  readonly #follower: StoreFollower;
  readonly #queued = createNews();
  /** No more rest between attempts. */
  readonly #ending = new AbortController();
  /** No more waiting for answers. */
  readonly #cutOff = new AbortController();
  readonly #running: Promise<void>;
  #isSending = false;
  #failures = 0;
  #lastError: string | null = null;
  #lastSentAt: number | null = null;
  readonly #counts = { sentTraces: 0, sentSpans: 0, refusedTraces: 0, rejectedSpans: 0 };

  constructor(parts: RunnerParts) {
    const { store, filter, imported, start, limits } = parts;
    this.#parts = parts;
    this.#sent = start.sent;
    this.#queue = createTraceQueue(limits.maxQueuedTraces);
    this.#follower = new StoreFollower({
      store,
      filter,
      from: start.cursor,
      since: start.since,
      imported,
      sent: this.#sent,
      queue: this.#queue,
      onQueued: () => {
        this.#queued.announce();
        parts.onChange('count');
      },
      onFailure: parts.onDefect,
      lingerMs: limits.lingerMs,
    });
    this.#running = this.#run();
  }

  status(): RunnerStatus {
    const { sentTraces, sentSpans, refusedTraces, rejectedSpans } = this.#counts;
    return {
      state: this.#failures > 0 ? 'failing' : this.#isSending ? 'sending' : 'idle',
      counts: {
        sentTraces,
        sentSpans,
        queuedTraces: this.#queue.size,
        droppedTraces: this.#queue.dropped + refusedTraces,
        rejectedSpans,
      },
      lastError: this.#lastError,
      lastSentAt: this.#lastSentAt,
    };
  }

  /** Ends at once; what waits can be gone on with by whoever begins where this ends. Idempotent. */
  async stop(): Promise<ForwardStart> {
    this.#end();
    this.#cutOff.abort();
    await Promise.all([this.#follower.stop(), this.#running]);
    await this.#parts.sender.close();
    const { oldestRevision } = this.#queue;
    const { cursor } = this.#follower;
    return {
      cursor: oldestRevision === null ? cursor : Math.min(cursor, oldestRevision - 1),
      since: this.#parts.start.since,
      sent: this.#sent,
    };
  }

  /** Sends what waits, and what has ended of traces that go on, until `cutOff`. Answers with how many traces were not sent. */
  async finish(cutOff: AbortSignal): Promise<number> {
    const abort = (): void => {
      this.#cutOff.abort();
    };
    cutOff.addEventListener('abort', abort);
    if (cutOff.aborted) abort();
    this.#end();
    await this.#running;
    await this.#follower.catchUp();
    // One that did not answer before gets one chance more, not the whole time.
    let attempts = this.#failures > 0 ? 1 : 2;
    while (this.#queue.size > 0 && attempts > 0 && !this.#cutOff.signal.aborted) {
      if ((await this.#attempt()) !== null) {
        attempts -= 1;
        if (attempts > 0) await createNews().next(LAST_PAUSE_MS, this.#cutOff.signal);
      }
    }
    cutOff.removeEventListener('abort', abort);
    await this.#parts.sender.close();
    return this.#queue.size;
  }

  #end(): void {
    this.#ending.abort();
    this.#queued.stop();
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      if (this.#queue.size === 0) {
        await this.#queued.next(IDLE_MS, this.#ending.signal);
        continue;
      }
      const failure = await this.#attempt();
      if (failure === null) continue;
      const { backOff } = this.#parts.limits;
      const rest = pauseAfter(this.#failures, failure.waitMs, backOff, Math.random());
      await createNews().next(rest, this.#ending.signal);
    }
  }

  /** Sends the next request, if anything is to be sent. Answers with how it has to be tried again; null when it need not. */
  async #attempt(): Promise<{ readonly waitMs: number | null } | null> {
    try {
      const batch = await this.#nextBatch();
      if (batch === null) return null;
      this.#set({ isSending: true });
      const outcome = await this.#parts.sender.send(batch.body, this.#cutOff.signal);
      return this.#took(batch, outcome);
    } catch (thrown) {
      this.#failed(thrown);
      this.#failures += 1;
      return { waitMs: null };
    } finally {
      this.#set({ isSending: false });
    }
  }

  #nextBatch(): Promise<Batch | null> {
    const { store, encode, endpoint, sampler } = this.#parts;
    return nextBatch({
      store,
      encode,
      endpoint,
      sampler,
      queue: this.#queue,
      sent: this.#sent,
      onRefused: (thrown) => {
        this.#failed(thrown);
        this.#parts.onChange('state');
      },
    });
  }

  #took(batch: Batch, outcome: SendOutcome): { readonly waitMs: number | null } | null {
    if (outcome.kind === 'later') {
      this.#failures += 1;
      this.#lastError = outcome.sentence;
      return { waitMs: outcome.waitMs };
    }
    this.#failures = 0;
    for (const { traceId, spanIds } of batch.parts) this.#sent.add(traceId, spanIds);
    for (const { traceId, cursor } of batch.through) {
      this.#sent.readUpTo(traceId, cursor);
      this.#queue.settle(traceId, cursor);
    }
    if (outcome.kind === 'refused') {
      this.#lastError = outcome.sentence;
      this.#counts.refusedTraces += batch.through.length;
      return null;
    }
    const spans = batch.parts.reduce((sum, { spanIds }) => sum + spanIds.length, 0);
    const rejected = Math.min(outcome.rejectedSpans, spans);
    this.#counts.sentTraces += batch.through.filter(({ isFirst }) => isFirst).length;
    this.#counts.sentSpans += spans - rejected;
    this.#counts.rejectedSpans += rejected;
    this.#lastSentAt = Date.now();
    this.#lastError = rejected === 0 ? null : rejectionOf(rejected, outcome.message);
    return null;
  }

  #failed(thrown: unknown): void {
    const isExpected = thrown instanceof UserError;
    this.#lastError = isExpected ? thrown.message : 'Throughline failed at this: its log says why.';
    if (!isExpected) this.#parts.onDefect(thrown);
  }

  #set({ isSending }: { readonly isSending: boolean }): void {
    this.#isSending = isSending;
    this.#parts.onChange('state');
  }
}

function rejectionOf(spans: number, message: string): string {
  const why = message === '' ? '' : `: ${message}`;
  return `The endpoint took a request and refused ${spans === 1 ? 'a span' : `${spans} spans`} of it${why}.`;
}

/** Where a new endpoint begins: with what comes from now on. */
export function startFrom(cursor: Cursor, since: UnixNano): ForwardStart {
  return { cursor, since, sent: createSentSpans() };
}
