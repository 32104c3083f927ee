import { CallStream } from './call-stream.ts';
import type { SessionEvents } from './event-store.ts';
import { EventStream } from './event-stream.ts';

const NEWS_KEY = '0';
/** Of streams that ended well; those that still wait for their client are as many as its calls. */
const MAX_COMPLETE_STREAMS = 64;
const EVENT_ID = /^(\d{1,15})-(\d{1,15})$/;

/** Where a client stopped reading, as its `Last-Event-ID` tells. */
export interface StreamPosition {
  readonly stream: EventStream;
  readonly number: number;
}

/** The streams of one session that a client can come back to. */
export class SessionStreams {
  readonly #events: SessionEvents;
  readonly #graceMillis: number;
  readonly #calls = new Map<string, CallStream>();
  #news: EventStream | null = null;
  #nextKey = 1;

  constructor(events: SessionEvents, graceMillis: number) {
    this.#events = events;
    this.#graceMillis = graceMillis;
  }

  /** For messages that belong to no call. */
  get news(): EventStream {
    this.#news ??= new EventStream(NEWS_KEY, this.#events.openLog());
    return this.#news;
  }

  /** For the answer of one POST. `onAbandoned`: its client lost the connection and did not come back. */
  openCall(onAbandoned: () => void): CallStream {
    const key = String(this.#nextKey);
    this.#nextKey += 1;
    const stream = new CallStream({
      key,
      log: this.#events.openLog(),
      graceMillis: this.#graceMillis,
      onAbandoned,
      onForgotten: ({ key: gone }) => this.#calls.delete(gone),
    });
    this.#forgetOldest();
    this.#calls.set(key, stream);
    return stream;
  }

  /** Null when nothing is known of such an event (any more). */
  find(eventId: string): StreamPosition | null {
    const [, key, number] = EVENT_ID.exec(eventId) ?? [];
    const stream = key === NEWS_KEY ? this.news : this.#calls.get(key ?? '');
    return stream === undefined ? null : { stream, number: Number(number) };
  }

  /** Ends what no connection carries, and the news. */
  end(): void {
    this.#news?.end();
    for (const stream of [...this.#calls.values()]) stream.end();
  }

  #forgetOldest(): void {
    if (this.#calls.size < MAX_COMPLETE_STREAMS) return;
    for (const stream of [...this.#calls.values()]) {
      if (this.#calls.size < MAX_COMPLETE_STREAMS) return;
      if (stream.isComplete) stream.end();
    }
  }
}
