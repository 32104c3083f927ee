import type { Span as SdkSpan, ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { RawPayload, Redactor } from '../redaction/port.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import { createToSpanRecord, type ToSpanRecord } from './span-record.ts';

/** What leaves the recorder: redacted, in batches, each span as it was when the batch was made. */
export interface RecordedBatch {
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly RedactedPayload[];
  /** What the recorder had to drop since the batch before, because more came than it may hold. */
  readonly lost: { readonly spans: number; readonly payloads: number };
}

export interface RecorderOptions {
  readonly redactor: Redactor;
  readonly sink: (batch: RecordedBatch) => void;
  /** Milliseconds that a change may wait for others, so that redaction happens off the path of calls. */
  readonly flushIntervalMillis: number;
  readonly maxPendingSpans: number;
  /** Characters of payload text that may wait. */
  readonly maxPendingPayload: number;
}

/**
 * The one place spans and payloads pass on their way to view, store and exporters. A trace leaves soon after its root has
 * ended, so that the usual call is recorded once and its spans do not outlive it; one that goes on leaves as it is at the
 * second flush.
 */
export interface Recorder extends SpanProcessor {
  payload(payload: RawPayload): void;
  /** It has begun, or changed, and has not been handed on since. */
  isWaiting(traceId: string, spanId: string): boolean;
}

/** Work is handed back to the event loop after this long, so that a burst of spans delays no call. */
const SLICE_MILLIS = 3;

/**
 * Milliseconds that a finished trace waits for others. Recorded at once, each would delay the call that its client makes
 * next.
 */
const FINISHED_MILLIS = 20;

/** Spans between two looks at the clock. */
const SPANS_PER_LOOK = 16;

export function createRecorder(options: RecorderOptions): Recorder {
  return new BatchingRecorder(options);
}

/** What of one trace has changed and not been recorded yet. */
interface Pending {
  readonly spans: Set<ReadableSpan>;
  payloads: RawPayload[];
  /** How many of `spans` have not ended. */
  open: number;
  /** It was here at an earlier flush and is not held back again. */
  isDue: boolean;
}

class BatchingRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #toRecord = createToSpanRecord();
  readonly #changed = new Map<string, Pending>();
  /** Ids of traces in `#changed` whose root has ended. */
  #finished: string[] = [];
  #spanCount = 0;
  #payloadLength = 0;
  #lostSpans = 0;
  #lostPayloads = 0;
  #timer: NodeJS.Timeout | undefined;
  #finishedTimer: NodeJS.Timeout | undefined;
  #isShutDown = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  onStart(span: SdkSpan): void {
    const pending = this.#take(span);
    if (pending !== undefined) pending.open += 1;
  }

  onEnd(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const known = this.#changed.get(traceId);
    if (known?.spans.has(span) !== true) {
      this.#take(span);
      return;
    }
    known.open -= 1;
    if (known.open > 0 || !isLocalRoot(span)) return;
    this.#finished.push(traceId);
    this.#recordFinishedIn(FINISHED_MILLIS);
  }

  payload(whole: RawPayload): void {
    if (this.#isShutDown) return;
    const payload = this.#options.redactor.shortened(whole);
    if (this.#payloadLength + payload.text.length > this.#options.maxPendingPayload) {
      this.#lostPayloads += 1;
      return;
    }
    this.#payloadLength += payload.text.length;
    this.#pendingOf(payload.traceId).payloads.push(payload);
  }

  isWaiting(traceId: string, spanId: string): boolean {
    const pending = this.#changed.get(traceId);
    if (pending === undefined) return false;
    for (const span of pending.spans) if (span.spanContext().spanId === spanId) return true;
    return false;
  }

  forceFlush(): Promise<void> {
    this.#flush(Number.POSITIVE_INFINITY);
    return Promise.resolve();
  }

  async shutdown(): Promise<void> {
    if (this.#isShutDown) return;
    await this.forceFlush();
    this.#isShutDown = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#finishedTimer);
  }

  #take(span: ReadableSpan): Pending | undefined {
    if (this.#isShutDown) return undefined;
    if (this.#spanCount >= this.#options.maxPendingSpans) {
      this.#lostSpans += 1;
      return undefined;
    }
    const pending = this.#pendingOf(span.spanContext().traceId);
    pending.spans.add(span);
    this.#spanCount += 1;
    return pending;
  }

  #pendingOf(traceId: string): Pending {
    const known = this.#changed.get(traceId);
    if (known !== undefined) return known;
    const pending: Pending = { spans: new Set(), payloads: [], open: 0, isDue: false };
    this.#changed.set(traceId, pending);
    this.#schedule(this.#options.flushIntervalMillis);
    return pending;
  }

  #schedule(millis: number): void {
    this.#timer ??= setTimeout(() => {
      this.#flush(SLICE_MILLIS);
    }, millis);
  }

  #recordFinishedIn(millis: number): void {
    this.#finishedTimer ??= setTimeout(() => {
      this.#recordFinished();
    }, millis);
  }

  #recordFinished(): void {
    this.#finishedTimer = undefined;
    const slice = this.#newSlice(SLICE_MILLIS);
    const finished = this.#finished;
    this.#finished = [];
    for (const [index, traceId] of finished.entries()) {
      const pending = this.#changed.get(traceId);
      if (pending === undefined || pending.open > 0 || this.#move(traceId, pending, slice)) continue;
      this.#finished = finished.slice(index);
      this.#recordFinishedIn(0);
      break;
    }
    this.#handOver(slice);
  }

  #flush(sliceMillis: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const slice = this.#newSlice(sliceMillis);
    const isWhole = this.#fill(slice, sliceMillis === Number.POSITIVE_INFINITY);
    this.#handOver(slice);
    if (this.#changed.size > 0) this.#schedule(isWhole ? this.#options.flushIntervalMillis : 0);
  }

  #newSlice(millis: number): Slice {
    return new Slice(this.#options.redactor, this.#toRecord, performance.now() + millis);
  }

  #handOver({ spans, payloads }: Slice): void {
    const lost = { spans: this.#lostSpans, payloads: this.#lostPayloads };
    if (spans.length + payloads.length + lost.spans + lost.payloads > 0) {
      this.#lostSpans = 0;
      this.#lostPayloads = 0;
      this.#options.sink({ spans, payloads, lost });
    }
  }

  /** False when the slice ended before everything was in it that is to be recorded now. */
  #fill(slice: Slice, withAll: boolean): boolean {
    for (const [traceId, pending] of this.#changed) {
      if (pending.open > 0 && !pending.isDue && !withAll) {
        pending.isDue = true;
        continue;
      }
      if (!this.#move(traceId, pending, slice)) return false;
    }
    return true;
  }

  /** False when there was no time for all of the trace. */
  #move(traceId: string, pending: Pending, slice: Slice): boolean {
    const spanCount = pending.spans.size;
    const isWhole = slice.take(pending);
    this.#spanCount -= spanCount - pending.spans.size;
    this.#payloadLength -= slice.takePayloadLength();
    if (isWhole) this.#changed.delete(traceId);
    else pending.isDue = true;
    return isWhole;
  }
}

/** The first span of a trace in this process: it ends last. */
function isLocalRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}

/** What is redacted in one go. */
class Slice {
  readonly spans: RedactedSpan[] = [];
  readonly payloads: RedactedPayload[] = [];
  readonly #redactor: Redactor;
  readonly #toRecord: ToSpanRecord;
  readonly #deadline: number;
  #taken = 0;
  #payloadLength = 0;

  constructor(redactor: Redactor, toRecord: ToSpanRecord, deadline: number) {
    this.#redactor = redactor;
    this.#toRecord = toRecord;
    this.#deadline = deadline;
  }

  /** Takes out of `pending` what there is time for, and answers whether that is all. */
  take(pending: Pending): boolean {
    for (const span of pending.spans) {
      if (this.#isOver()) return false;
      pending.spans.delete(span);
      if (!span.ended) pending.open -= 1;
      this.spans.push(this.#redactor.span(this.#toRecord(span)));
    }
    let taken = 0;
    for (const payload of pending.payloads) {
      // A body may take long.
      if (this.#isOver() || (taken > 0 && payload.text.length > LONG_TEXT && this.#isLate())) break;
      taken += 1;
      this.#payloadLength += payload.text.length;
      this.payloads.push(this.#redactor.payload(payload));
    }
    if (taken === pending.payloads.length) return true;
    pending.payloads = pending.payloads.slice(taken);
    return false;
  }

  /** Characters of the payloads taken since it was last asked. */
  takePayloadLength(): number {
    const length = this.#payloadLength;
    this.#payloadLength = 0;
    return length;
  }

  /** Never before something was taken, or there would be no progress. */
  #isOver(): boolean {
    this.#taken += 1;
    return this.#taken % SPANS_PER_LOOK === 0 && this.#isLate();
  }

  #isLate(): boolean {
    return performance.now() > this.#deadline;
  }
}

const LONG_TEXT = 4_096;
