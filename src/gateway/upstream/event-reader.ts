import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { Clock, EpochMillis } from '../clock.ts';

export interface ServerEvent {
  /** `message` unless the server named it otherwise. */
  readonly type: string;
  readonly data: string;
  /** When its first byte came. */
  readonly firstByteAt: EpochMillis;
}

/** Where a stream can be taken up again. */
export interface StreamPosition {
  /** Null when the server has named none. */
  readonly lastEventId: string | null;
  /** How long the server wants to be left alone first; null when it did not say. */
  readonly retryMillis: number | null;
}

/** Reads one event stream (HTML standard, server-sent events) as its bytes come. */
export interface EventReader {
  push(chunk: Buffer): void;
  readonly position: StreamPosition;
}

export interface EventReaderOptions {
  readonly clock: Clock;
  readonly from: StreamPosition;
  /** More than this without the end of an event is told to `onOverflow`, and the stream is not read on. */
  readonly maxEventLength: number;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onOverflow: () => void;
}

export const STREAM_BEGINNING: StreamPosition = { lastEventId: null, retryMillis: null };

/** Priming events carry no data; other event types are not MCP's. */
export function isMessage({ type, data }: ServerEvent): boolean {
  return type === 'message' && data !== '';
}

export function createEventReader(options: EventReaderOptions): EventReader {
  const { clock, maxEventLength, onEvent, onOverflow } = options;
  let { lastEventId, retryMillis } = options.from;
  let firstByteAt: EpochMillis = 0;
  let isBetweenEvents = true;
  let hasOverflown = false;
  const decoder = new StringDecoder('utf8');
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onEvent({ data, event, id }) {
      isBetweenEvents = true;
      if (id !== undefined) lastEventId = id === '' ? null : id;
      onEvent({ type: event ?? 'message', data, firstByteAt });
    },
    onComment() {
      isBetweenEvents = true;
    },
    onRetry(millis) {
      retryMillis = millis;
    },
    onError({ type }) {
      if (type !== 'max-buffer-size-exceeded') return;
      hasOverflown = true;
      onOverflow();
    },
  });
  return {
    push(chunk) {
      if (hasOverflown) return;
      if (isBetweenEvents) firstByteAt = clock.now();
      isBetweenEvents = false;
      parser.feed(decoder.write(chunk));
    },
    get position() {
      return { lastEventId, retryMillis };
    },
  };
}
