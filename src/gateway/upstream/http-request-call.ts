import type { Clock, EpochMillis } from '../clock.ts';
import { SessionExpired, UpstreamFailure } from '../failure.ts';
import { parseFrame } from '../frame/frame.ts';
import { createEventReader, isMessage, STREAM_BEGINNING, type EventReader, type ServerEvent } from './event-reader.ts';
import { contentTypeOf, HttpExchange, isEventStream, type ResponseHeaders } from './http-exchange.ts';
import { MAX_MESSAGE_LENGTH, type HttpWire } from './http-wire.ts';
import { ResumingStream } from './resuming-stream.ts';
import type { Departure, TransportEvents } from './transport.ts';

export interface HttpRequestCallOptions {
  readonly departure: Departure;
  readonly wire: HttpWire;
  readonly clock: Clock;
  readonly events: TransportEvents;
  /** Nothing is under way for it any more. */
  readonly onOver: () => void;
  /** The answer has come while its stream is still open. */
  readonly onAnswered: () => void;
}

/** A stream that was cut this often in a row and brought nothing since is not asked for again. */
const MAX_FRUITLESS = 5;
const BACK_OFF = { first: 500, most: 8_000 };

type BodyKind = 'ignored' | 'answer' | 'error' | 'stream';

/** One request by POST and its answer: in one piece, or on an event stream that may be cut and taken up again. */
export class HttpRequestCall extends HttpExchange {
  readonly #options: HttpRequestCallOptions;
  readonly #chunks: Buffer[] = [];
  #kind: BodyKind = 'ignored';
  #status = 0;
  #length = 0;
  #firstByteAt: EpochMillis = 0;
  #reader: EventReader | null = null;
  #rest: ResumingStream | null = null;
  #isOpen = true;

  constructor(options: HttpRequestCallOptions) {
    super();
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(): void {
    const { wire, departure } = this.#options;
    wire.post(this, departure.text, departure.traceContext, { headers: departure.headers });
  }

  /** Ends whatever is under way for this request. */
  abandon(): void {
    this.abort();
    this.#rest?.stop();
    this.#over();
  }

  protected head(status: number, headers: ResponseHeaders): void {
    const { wire, departure, events } = this.#options;
    const sessionId = headers['mcp-session-id'];
    if (typeof sessionId === 'string') wire.belongTo(sessionId);
    this.#status = status;
    const type = contentTypeOf(headers);
    if (status >= 300) {
      if (status === 404 && wire.sessionId !== null) this.#fail(new SessionExpired(wire.serverId));
      else if (type.includes('application/json')) this.#kind = 'error';
      else this.#fail(wire.refusal(status));
    } else if (isEventStream(headers)) {
      this.#kind = 'stream';
      this.#reader = this.#readerOf();
      events.streaming(departure.idText);
    } else if (type.includes('application/json')) this.#kind = 'answer';
    // Taken without an answer: it may come on another stream.
    else if (status !== 202) this.#fail(wire.wrongType(type, 'application/json or text/event-stream'));
  }

  protected body(chunk: Buffer): void {
    if (this.#kind === 'ignored') return;
    if (this.#reader !== null) {
      this.#reader.push(chunk);
      return;
    }
    if (this.#length === 0) this.#firstByteAt = this.#options.clock.now();
    this.#length += chunk.length;
    if (this.#length > MAX_MESSAGE_LENGTH) this.#fail(this.#options.wire.tooLarge());
    else this.#chunks.push(chunk);
  }

  protected ended(): void {
    const { events, departure, wire } = this.#options;
    const { idText } = departure;
    if (this.#kind === 'stream') {
      this.#cut(null);
      return;
    }
    this.#over();
    if (this.#kind === 'ignored') return;
    const text = this.#text();
    if (this.#kind === 'answer') events.message({ text, firstByteAt: this.#firstByteAt, relatedIdText: idText });
    else if (saysNoSession(this.#status, text) && wire.sessionId !== null)
      events.failed(idText, new SessionExpired(wire.serverId));
    else if (isRpcError(text)) events.message({ text, firstByteAt: this.#firstByteAt, relatedIdText: idText });
    else events.failed(idText, wire.refusal(this.#status));
  }

  protected broke(error: Error): void {
    const failure = this.#options.wire.failureOf(error);
    if (this.#kind === 'stream') this.#cut(failure);
    else this.#fail(failure);
  }

  protected override left(): void {
    this.#options.wire.forget(this);
  }

  #text(): string {
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#length);
    return whole.toString('utf8');
  }

  #readerOf(): EventReader {
    return createEventReader({
      clock: this.#options.clock,
      from: STREAM_BEGINNING,
      maxEventLength: MAX_MESSAGE_LENGTH,
      onEvent: (event) => {
        this.#arrived(event);
      },
      onOverflow: () => {
        this.#fail(this.#options.wire.tooLarge());
      },
    });
  }

  #arrived(event: ServerEvent): void {
    if (!isMessage(event)) return;
    const { data, firstByteAt } = event;
    const { events, departure, onAnswered } = this.#options;
    const wasAwaited = events.isAwaited(departure.idText);
    events.message({ text: data, firstByteAt, relatedIdText: departure.idText });
    if (wasAwaited && !events.isAwaited(departure.idText)) onAnswered();
  }

  /** The stream is over. When the answer has not come and the server numbered its events, the rest is asked for. */
  #cut(failure: UpstreamFailure | null): void {
    const { wire, clock, events, departure } = this.#options;
    const position = this.#reader?.position ?? STREAM_BEGINNING;
    if (!events.isAwaited(departure.idText)) {
      this.#over();
      return;
    }
    const unanswered = new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${wire.serverId}" ended its answer stream without an answer.`,
    );
    if (position.lastEventId === null) {
      this.#fail(failure ?? unanswered);
      return;
    }
    this.#rest = new ResumingStream({
      wire,
      clock,
      from: position,
      backOff: BACK_OFF,
      onEvent: (event) => {
        this.#arrived(event);
      },
      isWanted: () => {
        if (events.isAwaited(departure.idText)) return true;
        this.#over();
        return false;
      },
      onRefused: () => {
        this.#fail(failure ?? unanswered);
      },
      onFruitless: (failures, why) => {
        if (failures < MAX_FRUITLESS) return false;
        this.#fail(why ?? unanswered);
        return true;
      },
    });
    this.#rest.openLater();
  }

  #fail(failure: UpstreamFailure): void {
    const { events, departure } = this.#options;
    this.abandon();
    events.failed(departure.idText, failure);
  }

  #over(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.onOver();
  }
}

function isRpcError(text: string): boolean {
  const frame = parseFrame(text);
  return frame.ok && frame.value.kind === 'error';
}

/** Many servers answer 400 instead of 404 when a session is gone; they did nothing either. */
function saysNoSession(status: number, text: string): boolean {
  if (status !== 400) return false;
  const frame = parseFrame(text);
  return (
    frame.ok &&
    frame.value.kind === 'error' &&
    /\b(no valid|invalid|unknown) session|session (id )?(was )?not found/i.test(frame.value.errorMessage)
  );
}
