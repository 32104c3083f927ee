import type { Span as SdkSpan, ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { RawPayload, Redactor } from '../redaction/port.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import { toSpanRecord } from './span-record.ts';

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
 * The one place spans and payloads pass on their way to view, store and exporters. Spans are taken when they start and
 * again when they end; one that does both between two flushes is recorded once, as ended.
 */
export interface Recorder extends SpanProcessor {
  payload(payload: RawPayload): void;
}

/** Work is handed back to the event loop after this long, so that a burst of spans delays no call. */
const SLICE_MILLIS = 8;

export function createRecorder(options: RecorderOptions): Recorder {
  return new BatchingRecorder(options);
}

class BatchingRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #changed = new Map<string, ReadableSpan>();
  #payloads: RawPayload[] = [];
  #payloadLength = 0;
  #lostSpans = 0;
  #lostPayloads = 0;
  #timer: NodeJS.Timeout | undefined;
  #isShutDown = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  onStart(span: SdkSpan): void {
    this.#take(span);
  }

  onEnd(span: ReadableSpan): void {
    this.#take(span);
  }

  payload(payload: RawPayload): void {
    if (this.#isShutDown) return;
    if (this.#payloadLength + payload.text.length > this.#options.maxPendingPayload) {
      this.#lostPayloads += 1;
      return;
    }
    this.#payloadLength += payload.text.length;
    this.#payloads.push(payload);
    this.#schedule();
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
  }

  #take(span: ReadableSpan): void {
    if (this.#isShutDown) return;
    const { spanId } = span.spanContext();
    if (!this.#changed.has(spanId) && this.#changed.size >= this.#options.maxPendingSpans) {
      this.#lostSpans += 1;
      return;
    }
    this.#changed.set(spanId, span);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#flush(SLICE_MILLIS);
    }, this.#options.flushIntervalMillis);
  }

  #flush(sliceMillis: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const deadline = performance.now() + sliceMillis;
    const spans = this.#redactSpans(deadline);
    const payloads = this.#redactPayloads(deadline);
    const lost = { spans: this.#lostSpans, payloads: this.#lostPayloads };
    if (spans.length + payloads.length + lost.spans + lost.payloads > 0) {
      this.#lostSpans = 0;
      this.#lostPayloads = 0;
      this.#options.sink({ spans, payloads, lost });
    }
    if (this.#changed.size > 0 || this.#payloads.length > 0) {
      this.#timer = setTimeout(() => {
        this.#flush(SLICE_MILLIS);
      }, 0);
    }
  }

  #redactSpans(deadline: number): RedactedSpan[] {
    const spans: RedactedSpan[] = [];
    for (const [spanId, span] of this.#changed) {
      this.#changed.delete(spanId);
      spans.push(this.#options.redactor.span(toSpanRecord(span)));
      if (performance.now() > deadline) break;
    }
    return spans;
  }

  #redactPayloads(deadline: number): RedactedPayload[] {
    const payloads: RedactedPayload[] = [];
    let taken = 0;
    for (const payload of this.#payloads) {
      if (taken > 0 && performance.now() > deadline) break;
      taken += 1;
      this.#payloadLength -= payload.text.length;
      payloads.push(this.#options.redactor.payload(payload));
    }
    this.#payloads = this.#payloads.slice(taken);
    return payloads;
  }
}
