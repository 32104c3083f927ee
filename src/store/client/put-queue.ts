import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import { encodePayloads } from '../codec/payload-rows.ts';
import { encodeSpans } from '../codec/span-rows.ts';
import type { StoreBatch } from '../port.ts';
import type { EncodedBatch } from '../worker/protocol.ts';

/** Spans and payload characters that may be handed over but not yet stored: some 100 MB, or seconds of heavy traffic. */
const MAX_WAITING_SPANS = 50_000;
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

/** A batch costs the worker about as much as three calls: what has ended may wait for others. */
const GATHER_MS = 20;
/** What goes on is to be seen soon. */
const GATHER_OPEN_MS = 10;
const MAX_GATHERED_SPANS = 500;
const MAX_GATHERED_CHARACTERS = 1024 * 1024;

interface Gathered {
  readonly spans: Map<SpanId, RedactedSpan>;
  /** By span: what is put again replaces what was there. */
  readonly payloads: Readonly<Record<PayloadDirection, Map<SpanId, RedactedPayload>>>;
}

interface Load {
  spans: number;
  payloads: number;
  characters: number;
}

/**
 * What was put and is not yet stored. It gathers for some milliseconds, keeps the newest record of a span, and counts
 * what it had to drop because too much was under way.
 */
export class PutQueue {
  readonly #send: (batch: EncodedBatch) => void;
  readonly #sent: Load[] = [];
  #batch = emptyBatch();
  /** Traces that have not ended, in which a newer record may replace an older one. */
  #going = new Map<TraceId, Gathered>();
  #gatheredSpans = 0;
  #gatheredPayloads = 0;
  #gatheredCharacters = 0;
  #sentSpans = 0;
  #sentCharacters = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerMillis = 0;
  #isStopped = false;
  droppedSpans = 0;
  droppedPayloads = 0;

  constructor(send: (batch: EncodedBatch) => void) {
    this.#send = send;
  }

  put(batch: StoreBatch): void {
    if (batch.lost !== undefined) this.#drop(batch.lost.spans, batch.lost.payloads);
    const characters = charactersOf(batch.payloads);
    if (this.#isStopped || this.#isFullWith(batch.spans.length, characters)) {
      this.#drop(batch.spans.length, batch.payloads.length);
      return;
    }
    if (batch.isForeign === true) this.#gatherForeign(batch);
    else this.#gather(batch);
    this.#gatheredCharacters += characters;
    if (this.#gatheredSpans >= MAX_GATHERED_SPANS || this.#gatheredCharacters >= MAX_GATHERED_CHARACTERS)
      this.sendNow();
    else this.#sendSoon();
  }

  #gather(batch: StoreBatch): void {
    const begun: TraceId[] = [];
    for (const span of batch.spans) {
      const { spans } = this.#gathered(span.traceId, begun);
      this.#gatheredSpans -= spans.size;
      spans.set(span.spanId, span);
      this.#gatheredSpans += spans.size;
    }
    for (const payload of batch.payloads)
      this.#gathered(payload.traceId, begun).payloads[payload.direction].set(payload.spanId, payload);
    this.#gatheredPayloads += batch.payloads.length;
    for (const traceId of begun) this.#encodeIfEnded(traceId);
  }

  /** Apart from what is ours, of which something may be waiting here that the store does not have yet. */
  #gatherForeign(batch: StoreBatch): void {
    const spansOf = Map.groupBy(batch.spans, ({ traceId }) => traceId);
    const payloadsOf = Map.groupBy(batch.payloads, ({ traceId }) => traceId);
    for (const [traceId, spans] of spansOf) {
      const ours = this.#going.get(traceId)?.spans;
      const gathered: Gathered = { spans: new Map(), payloads: { request: new Map(), response: new Map() } };
      for (const span of spans)
        if (ours?.has(span.spanId) !== true && !gathered.spans.has(span.spanId)) gathered.spans.set(span.spanId, span);
      for (const payload of payloadsOf.get(traceId) ?? [])
        if (gathered.spans.has(payload.spanId)) gathered.payloads[payload.direction].set(payload.spanId, payload);
      if (gathered.spans.size === 0) continue;
      this.#gatheredSpans += gathered.spans.size;
      this.#gatheredPayloads += gathered.payloads.request.size + gathered.payloads.response.size;
      this.#batch.foreign.push(this.#batch.traceIds.length);
      encode(traceId, gathered, this.#batch);
    }
  }

  #gathered(traceId: TraceId, begun: TraceId[]): Gathered {
    const known = this.#going.get(traceId);
    if (known !== undefined) return known;
    const gathered: Gathered = { spans: new Map(), payloads: { request: new Map(), response: new Map() } };
    this.#going.set(traceId, gathered);
    begun.push(traceId);
    return gathered;
  }

  /** At once, so that the objects of a call live no longer than the call. */
  #encodeIfEnded(traceId: TraceId): void {
    const gathered = this.#going.get(traceId);
    if (gathered === undefined || gathered.spans.size === 0) return;
    for (const span of gathered.spans.values()) if (span.endTime === null) return;
    this.#going.delete(traceId);
    encode(traceId, gathered, this.#batch);
  }

  #sendSoon(): void {
    const millis = this.#going.size > 0 ? GATHER_OPEN_MS : GATHER_MS;
    if (this.#timer !== null && this.#timerMillis <= millis) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerMillis = millis;
    this.#timer = setTimeout(() => this.sendNow(), millis);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Hands over what was gathered, so that a call sent after it is answered after it. */
  sendNow(): void {
    this.#stopTimer();
    // Behind what has been encoded: a trace of which there is something in both changed last in here.
    for (const [traceId, gathered] of this.#going) encode(traceId, gathered, this.#batch);
    if (this.#batch.traceIds.length === 0) return;
    const load = { spans: this.#gatheredSpans, payloads: this.#gatheredPayloads, characters: this.#gatheredCharacters };
    this.#sent.push(load);
    this.#sentSpans += load.spans;
    this.#sentCharacters += load.characters;
    const batch = this.#batch;
    this.#forgetGathered();
    this.#send(batch);
  }

  #forgetGathered(): void {
    this.#batch = emptyBatch();
    this.#going = new Map();
    this.#gatheredSpans = 0;
    this.#gatheredPayloads = 0;
    this.#gatheredCharacters = 0;
  }

  /** The oldest batch sent was stored, or could not be. `orphanPayloads` were not stored for want of their trace. */
  settled(isStored: boolean, orphanPayloads: number): void {
    const load = this.#sent.shift();
    if (load === undefined) throw new Error('A batch was acknowledged that was never sent');
    this.#sentSpans -= load.spans;
    this.#sentCharacters -= load.characters;
    if (isStored) this.droppedPayloads += orphanPayloads;
    else this.#drop(load.spans, load.payloads);
  }

  /** Nothing will be stored any more: what is under way is lost and counted, as is all that is put from now on. */
  stop(): void {
    this.#stopTimer();
    this.#isStopped = true;
    for (const load of this.#sent.splice(0)) this.#drop(load.spans, load.payloads);
    this.#drop(this.#gatheredSpans, this.#gatheredPayloads);
    this.#forgetGathered();
  }

  #isFullWith(spans: number, characters: number): boolean {
    return (
      this.#sentSpans + this.#gatheredSpans + spans > MAX_WAITING_SPANS ||
      this.#sentCharacters + this.#gatheredCharacters + characters > MAX_WAITING_CHARACTERS
    );
  }

  #drop(spans: number, payloads: number): void {
    this.droppedSpans += spans;
    this.droppedPayloads += payloads;
  }
}

function charactersOf(payloads: readonly RedactedPayload[]): number {
  let characters = 0;
  for (const payload of payloads) characters += payload.text.length;
  return characters;
}

interface GrowingBatch extends EncodedBatch {
  readonly traceIds: TraceId[];
  readonly spans: string[];
  readonly payloads: string[];
  readonly texts: string[];
  readonly foreign: number[];
}

function emptyBatch(): GrowingBatch {
  return { traceIds: [], spans: [], payloads: [], texts: [], foreign: [] };
}

function encode(traceId: TraceId, { spans, payloads: gathered }: Gathered, batch: GrowingBatch): void {
  const { payloads, texts } = encodePayloads([...gathered.request.values(), ...gathered.response.values()]);
  batch.traceIds.push(traceId);
  batch.spans.push(encodeSpans([...spans.values()]));
  batch.payloads.push(payloads);
  batch.texts.push(texts);
}
