import { setImmediate } from 'node:timers/promises';
import { joinExports } from '../../otlp/join-exports.ts';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { CapturePolicy } from '../../shared/domain/settings.ts';
import type { TraceStore } from '../../store/port.ts';
import { leavingGroups, type EncodeLeaving } from '../leaving-groups.ts';
import { callerSampled, type Sampler } from './sampling.ts';
import type { SentSpans } from './sent-spans.ts';
import type { TraceQueue } from './trace-queue.ts';

/** What one request holds. */
export interface Batch {
  readonly body: Uint8Array;
  readonly parts: readonly BatchPart[];
  /** Traces of which nothing is left to be sent once this is. */
  readonly through: readonly ReadTrace[];
}

interface BatchPart {
  readonly traceId: TraceId;
  readonly spanIds: readonly SpanId[];
}

interface ReadTrace {
  readonly traceId: TraceId;
  /** Up to where its changes were read. */
  readonly cursor: Cursor;
  /** None of it was sent before. */
  readonly isFirst: boolean;
}

export interface BatchSource {
  readonly store: Pick<TraceStore, 'watch' | 'payloads'>;
  readonly encode: EncodeLeaving;
  readonly endpoint: Pick<ForwardEndpoint, 'protocol' | 'payloads'>;
  readonly sampler: Sampler;
  readonly queue: TraceQueue;
  readonly sent: SentSpans;
  /** A trace cannot leave, and why. It is let go of. */
  readonly onRefused: (thrown: unknown) => void;
}

/** One request holds no more, but for the last group of spans that came to it. */
const MAX_SPANS = 512;
const MAX_BYTES = 1024 * 1024;

/** The next request, of the traces that have waited longest; null when nothing that waits is to be sent. */
export async function nextBatch(source: BatchSource): Promise<Batch | null> {
  const { queue } = source;
  const draft = new Draft(source);
  for (const traceId of queue.ids()) {
    if (draft.isFull) break;
    try {
      await draft.addTrace(traceId);
    } catch (thrown) {
      queue.drop(traceId);
      source.onRefused(thrown);
    }
  }
  return draft.finished();
}

class Draft {
  readonly #source: BatchSource;
  readonly #encoded: Uint8Array[] = [];
  readonly #parts: BatchPart[] = [];
  readonly #through: ReadTrace[] = [];
  #spans = 0;
  #bytes = 0;

  constructor(source: BatchSource) {
    this.#source = source;
  }

  get isFull(): boolean {
    return this.#spans >= MAX_SPANS || this.#bytes >= MAX_BYTES;
  }

  async addTrace(traceId: TraceId): Promise<void> {
    const { store, queue, sent, sampler, endpoint } = this.#source;
    const known = sent.cursorOf(traceId);
    const { summary, spans, cursor, reset } = await store.watch({ traceId, cursor: known, waitMs: 0 });
    if (summary === null) {
      queue.drop(traceId);
      return;
    }
    // Decided with the whole trace before one's eyes; of one that goes on, it was decided before.
    if (reset && !sampler(traceId, callerSampled(spans))) {
      queue.settle(traceId, cursor);
      return;
    }
    const fresh = spans.filter(({ spanId, endTime }) => endTime !== null && !sent.has(traceId, spanId));
    const stored = fresh.length === 0 || sendsNone(endpoint.payloads) ? [] : await store.payloads(traceId);
    const isWhole = await this.#addSpans(traceId, fresh, stored);
    if (!isWhole) return;
    if (fresh.length > 0) this.#through.push({ traceId, cursor, isFirst: known === null });
    else {
      sent.readUpTo(traceId, cursor);
      queue.settle(traceId, cursor);
    }
  }

  /** False when the request was full before the last of them. */
  async #addSpans(
    traceId: TraceId,
    spans: readonly RedactedSpan[],
    payloads: readonly RedactedPayload[],
  ): Promise<boolean> {
    const { encode, endpoint } = this.#source;
    const format = formatOf(endpoint);
    for (const group of leavingGroups(spans, payloads)) {
      if (this.isFull) return false;
      const bytes = encode(group, { format, withPayloads: endpoint.payloads });
      this.#encoded.push(bytes);
      this.#parts.push({ traceId, spanIds: group.spans.map(({ spanId }) => spanId) });
      this.#spans += group.spans.length;
      this.#bytes += bytes.length;
      // Calls of the same thread need not wait for all of it.
      await setImmediate();
    }
    return true;
  }

  finished(): Batch | null {
    if (this.#parts.length === 0) return null;
    const body = joinExports(this.#encoded, formatOf(this.#source.endpoint));
    return { body, parts: this.#parts, through: this.#through };
  }
}

function sendsNone({ requests, responses }: CapturePolicy): boolean {
  return requests === 'none' && responses === 'none';
}

function formatOf({ protocol }: Pick<ForwardEndpoint, 'protocol'>): 'otlp-json' | 'otlp-proto' {
  return protocol === 'http/json' ? 'otlp-json' : 'otlp-proto';
}
