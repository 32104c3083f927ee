import type { Cursor, TraceFeed } from '../../shared/domain/feed.ts';
import type { TraceId, UnixNano } from '../../shared/domain/ids.ts';
import type { TraceSummary } from '../../shared/domain/trace.ts';
import type { TraceStore } from '../../store/port.ts';
import { createNews } from '../news.ts';
import type { ImportedTraces } from './imported-traces.ts';
import type { SentSpans } from './sent-spans.ts';
import type { TraceQueue } from './trace-queue.ts';

export interface FollowerParts {
  readonly store: Pick<TraceStore, 'feed' | 'watch'>;
  readonly filter: string;
  /** Changes after this are followed. */
  readonly from: Cursor;
  /** Traces that began before are history, when it cannot be told from the cursor. */
  readonly since: UnixNano;
  readonly imported: Pick<ImportedTraces, 'has'>;
  readonly sent: Pick<SentSpans, 'cursorOf'>;
  readonly queue: TraceQueue;
  readonly onQueued: () => void;
  readonly onFailure: (thrown: unknown) => void;
  /** After so long, what has ended of a trace is sent although it goes on, in milliseconds. */
  readonly lingerMs: number;
}

/** More changes than this at once are looked at as a list. */
const MAX_TRACES = 10_000;
/** Changes that come together are looked at together. */
const GATHER_MS = 250;
const WAIT_MS = 25_000;

/** Follows the store's feed of the traces that match a filter, and queues those that are to be sent. */
export class StoreFollower {
  readonly #parts: FollowerParts;
  readonly #stopping = new AbortController();
  readonly #rest = createNews();
  /** Traces that go on, and when to send what has ended of them. */
  readonly #open = new Map<TraceId, { readonly due: number; readonly revision: Cursor }>();
  readonly #following: Promise<void>;
  #cursor: Cursor;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#cursor = parts.from;
    this.#following = this.#follow().catch((thrown: unknown) => {
      if (!this.#stopping.signal.aborted) parts.onFailure(thrown);
    });
  }

  /** Up to where the store's changes have been looked at. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Ends looking. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  /** Ends looking, with all that is there by now: of traces that go on, what has ended. */
  async catchUp(): Promise<void> {
    await this.stop();
    await this.#take(await this.#read(0));
    for (const [traceId, { revision }] of this.#open) this.#queueOpen(traceId, revision);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#take(await this.#read(this.#patience(), signal));
      await this.#rest.next(GATHER_MS, signal);
    }
  }

  #read(waitMs: number, signal?: AbortSignal): Promise<TraceFeed> {
    const { store, filter } = this.#parts;
    return store.feed({ cursor: this.#cursor, query: filter, limit: MAX_TRACES, waitMs }, signal);
  }

  /** How long to wait for a change before something is due anyway. */
  #patience(): number {
    const now = performance.now();
    let soonest = WAIT_MS;
    for (const { due } of this.#open.values()) soonest = Math.min(soonest, due - now);
    return Math.max(1, Math.ceil(soonest));
  }

  async #take({ traces, removed, reset, cursor }: TraceFeed): Promise<void> {
    const { queue, since, onQueued } = this.#parts;
    for (const trace of traces.toReversed()) {
      // A list holds everything that matches, history included.
      if (!reset || (trace.revision > this.#cursor && trace.startTime >= since)) this.#look(trace);
    }
    for (const traceId of removed) {
      this.#open.delete(traceId);
      if (queue.has(traceId)) await this.#leave(traceId, cursor);
    }
    this.#cursor = cursor;
    const now = performance.now();
    for (const [traceId, { due, revision }] of this.#open) if (due <= now) this.#queueOpen(traceId, revision);
    if (queue.size > 0) onQueued();
  }

  #look({ traceId, revision, openSpanCount }: TraceSummary): void {
    const { imported, sent, queue, lingerMs } = this.#parts;
    if (imported.has(traceId) || (sent.cursorOf(traceId) ?? -1) >= revision) return;
    if (openSpanCount === 0) {
      this.#open.delete(traceId);
      queue.add(traceId, revision);
      return;
    }
    const due = this.#open.get(traceId)?.due ?? performance.now() + lingerMs;
    this.#open.set(traceId, { due, revision });
    const [oldest] = this.#open;
    if (this.#open.size > MAX_TRACES && oldest !== undefined) this.#queueOpen(oldest[0], oldest[1].revision);
  }

  #queueOpen(traceId: TraceId, revision: Cursor): void {
    this.#open.delete(traceId);
    this.#parts.queue.add(traceId, revision);
  }

  /** Gone from the store, or it matches the filter no more. */
  async #leave(traceId: TraceId, at: Cursor): Promise<void> {
    const { store, queue } = this.#parts;
    const { summary } = await store.watch({ traceId, cursor: at, waitMs: 0 });
    if (summary === null) queue.drop(traceId);
    else queue.remove(traceId);
  }
}
