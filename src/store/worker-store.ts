import { setImmediate } from 'node:timers/promises';
import type { TraceFeed, TraceFeedRequest, TraceWatch, TraceWatchRequest } from '../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TrailStep } from '../shared/domain/redaction.ts';
import type { StoreStats, TraceDetail, TraceSummary } from '../shared/domain/trace.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { Changes } from './client/changes.ts';
import { longPoll } from './client/long-poll.ts';
import { PutQueue } from './client/put-queue.ts';
import { reviseParts } from './client/revise-parts.ts';
import { WorkerLink, errorOf } from './client/worker-link.ts';
import type { Revision, StoreBatch, StoreLimits, TraceStore, TraceStoreOptions } from './port.ts';
import { decodeSpans } from './codec/span-rows.ts';
import { orderSpans } from './span-order.ts';
import type { CallName, Calls, FromWorker, HeldStats, Position, SpanChunks } from './worker/protocol.ts';

/**
 * Starts the store's worker. Rejects with a UserError when the history file cannot be used: it cannot be written, is in
 * use, is not ours, or was written by a newer Throughline.
 */
export async function createTraceStore(options: TraceStoreOptions): Promise<TraceStore> {
  const store = new WorkerStore(options.limits.bytes);
  await store.start(options);
  return store;
}

class WorkerStore implements TraceStore {
  readonly #changes = new Changes(0);
  readonly #queue = new PutQueue((batch) => this.#worker().post(batch));
  #link: WorkerLink | null = null;
  #held: HeldStats;
  /** Why the last batch was lost, until somebody is told. */
  #lossReason: Error | null = null;
  /** How many times what is stored is being gone through. */
  #revisions = 0;
  #closing: Promise<void> | null = null;

  constructor(budgetBytes: number) {
    this.#held = { traces: 0, spans: 0, bytes: 0, budgetBytes, evictedTraces: 0 };
  }

  async start({ workerUrl, file, limits }: TraceStoreOptions): Promise<void> {
    this.#link = await WorkerLink.start(
      workerUrl,
      { file, limits },
      {
        stored: (message) => this.#stored(message),
        moved: (position) => this.#moved(position),
        evicted: ({ position, changed }) => this.#moved(position, changed),
        crashed: () => this.#stopWaiting(),
      },
    );
  }

  put(batch: StoreBatch): void {
    this.#queue.put(batch);
  }

  async flush(): Promise<void> {
    await this.#call('flush', null);
    const reason = this.#lossReason;
    this.#lossReason = null;
    if (reason !== null) throw reason;
  }

  async feed(request: TraceFeedRequest, signal?: AbortSignal): Promise<TraceFeed> {
    const { cursor, query, limit, waitMs } = request;
    const answer = await longPoll(this.#changes, {
      subject: null,
      cursor,
      waitMs,
      signal,
      ask: () => this.#call('feed', { cursor, query, limit }),
      isEmpty: ({ reset, traces, removed }) => !reset && traces.length === 0 && removed.length === 0,
      giveUp: () => ({ cursor: cursor ?? 0, reset: false, traces: [], removed: [] }),
    });
    return { ...answer, stats: this.#stats() };
  }

  async watch(request: TraceWatchRequest, signal?: AbortSignal): Promise<TraceWatch> {
    const { traceId, cursor, waitMs } = request;
    const answer = await longPoll(this.#changes, {
      subject: traceId,
      cursor,
      waitMs,
      signal,
      ask: () => this.#call('watch', { traceId, cursor }),
      isEmpty: ({ reset, spans, payloads }) => !reset && spans.length === 0 && payloads.length === 0,
      giveUp: async () => {
        const { summary } = await this.#call('watch', { traceId, cursor: this.#changes.latest });
        return { cursor: cursor ?? 0, reset: false, summary, spans: [], payloads: [] };
      },
    });
    return { ...answer, spans: await readSpans(answer.spans, traceId) };
  }

  list(query: string, limit: number): Promise<readonly TraceSummary[]> {
    return this.#call('list', { query, limit });
  }

  async trace(traceId: TraceId): Promise<TraceDetail | null> {
    const answer = await this.#call('trace', { traceId });
    return answer && { ...answer, spans: await readSpans(answer.spans, traceId) };
  }

  payload(traceId: TraceId, spanId: SpanId, direction: PayloadDirection): Promise<RedactedPayload | null> {
    return this.#call('payload', { traceId, spanId, direction });
  }

  payloads(traceId: TraceId): Promise<readonly RedactedPayload[]> {
    return this.#call('payloads', { traceId });
  }

  trail(hash: string): Promise<readonly TrailStep[]> {
    return this.#call('trail', { hash });
  }

  async revise(revision: Revision): Promise<boolean> {
    this.#revisions += 1;
    try {
      return await this.#revise(revision);
    } finally {
      this.#revisions -= 1;
    }
  }

  async #revise(revision: Revision): Promise<boolean> {
    await this.#call('flush', null);
    const isWhole = await reviseParts(revision, this.#changes.latest, {
      read: (argument) => this.#call('stored', argument),
      write: async (parts) => {
        const changed = await this.#call('rewrite', { parts });
        this.#changes.announce(this.#changes.latest, changed);
      },
    });
    if (isWhole) await this.#call('purge', null);
    return isWhole;
  }

  async retain(limits: StoreLimits): Promise<void> {
    this.#changes.announce(this.#changes.latest, await this.#call('retain', limits));
  }

  async moveTo(file: string | null): Promise<void> {
    if (this.#revisions > 0)
      throw new UserError('Stored traces are being redacted again: wait until that is done, then try again.');
    await this.#call('moveTo', { file });
    this.#changes.announce(this.#changes.latest, 'all');
  }

  note(name: string): Promise<string | null> {
    return this.#call('note', { name });
  }

  async keepNote(name: string, text: string): Promise<void> {
    await this.#call('keepNote', { name, text });
  }

  async clear(): Promise<void> {
    await this.#call('clear', null);
    this.#changes.announce(this.#changes.latest, 'all');
  }

  async stats(): Promise<StoreStats> {
    await this.#call('flush', null);
    return this.#stats();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#queue.sendNow();
    const closed = this.#worker().close();
    this.#changes.end();
    await closed;
    this.#queue.stop();
  }

  #call<Name extends CallName>(name: Name, argument: Calls[Name]['argument']): Promise<Calls[Name]['answer']> {
    this.#queue.sendNow();
    return this.#worker().call(name, argument);
  }

  #worker(): WorkerLink {
    if (this.#link === null) throw new Error('The trace store was used before it was started');
    return this.#link;
  }

  #stored({ position, changed, failure, orphanPayloads }: Extract<FromWorker, { kind: 'stored' }>): void {
    if (failure !== null) this.#lossReason = errorOf(failure);
    this.#queue.settled(failure === null, orphanPayloads);
    this.#held = position.stats;
    this.#changes.announce(position.revision, changed);
  }

  #moved(position: Position, changed = ''): void {
    this.#held = position.stats;
    this.#changes.announce(position.revision, changed);
  }

  #stopWaiting(): void {
    this.#queue.stop();
    this.#changes.end();
  }

  #stats(): StoreStats {
    return { ...this.#held, droppedSpans: this.#queue.droppedSpans, droppedPayloads: this.#queue.droppedPayloads };
  }
}

/** Decoding this many blocks the thread for about a millisecond. */
const SPANS_PER_TURN = 200;

/** In turns, so that a trace of ten thousand spans does not hold up the calls that pass through this thread. */
async function readSpans(chunks: SpanChunks, traceId: TraceId): Promise<RedactedSpan[]> {
  const spans: RedactedSpan[] = [];
  let turns = 1;
  for (const chunk of chunks) {
    if (spans.length >= turns * SPANS_PER_TURN) {
      turns += 1;
      await setImmediate();
    }
    for (const span of decodeSpans(chunk, traceId)) spans.push(span);
  }
  return orderSpans(spans);
}
