import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import { encodePayloads } from '../codec/payload-rows.ts';
import { encodeSpans } from '../codec/span-rows.ts';
import type { StoreBatch } from '../port.ts';
import type { EncodedBatch } from '../worker/protocol.ts';

/** Spans and payload characters that may be handed over but not yet stored: some 100 MB, or seconds of heavy traffic. */
const MAX_WAITING_SPANS = 50_000;
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

/** Gathering for this long halves the work: most spans end within it and cross to the worker once. */
const GATHER_MS = 10;
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
  #traces = new Map<TraceId, Gathered>();
  #gatheredSpans = 0;
  #gatheredPayloads = 0;
  #gatheredCharacters = 0;
  #sentSpans = 0;
  #sentCharacters = 0;
  #timer: NodeJS.Timeout | null = null;
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
    for (const span of batch.spans) {
      const { spans } = this.#gathered(span.traceId);
      this.#gatheredSpans -= spans.size;
      spans.set(span.spanId, span);
      this.#gatheredSpans += spans.size;
    }
    for (const payload of batch.payloads)
      this.#gathered(payload.traceId).payloads[payload.direction].set(payload.spanId, payload);
    this.#gatheredPayloads += batch.payloads.length;
    this.#gatheredCharacters += characters;
    if (this.#gatheredSpans >= MAX_GATHERED_SPANS || this.#gatheredCharacters >= MAX_GATHERED_CHARACTERS)
      this.sendNow();
    else this.#timer ??= setTimeout(() => this.sendNow(), GATHER_MS);
  }

  #gathered(traceId: TraceId): Gathered {
    const known = this.#traces.get(traceId);
    if (known !== undefined) return known;
    const gathered: Gathered = { spans: new Map(), payloads: { request: new Map(), response: new Map() } };
    this.#traces.set(traceId, gathered);
    return gathered;
  }

  /** Hands over what was gathered, so that a call sent after it is answered after it. */
  sendNow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#traces.size === 0) return;
    const load = { spans: this.#gatheredSpans, payloads: this.#gatheredPayloads, characters: this.#gatheredCharacters };
    this.#sent.push(load);
    this.#sentSpans += load.spans;
    this.#sentCharacters += load.characters;
    const batch = encode(this.#traces);
    this.#forgetGathered();
    this.#send(batch);
  }

  #forgetGathered(): void {
    this.#traces = new Map();
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
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
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

function encode(traces: ReadonlyMap<TraceId, Gathered>): EncodedBatch {
  const batch = { traceIds: [] as TraceId[], spans: [] as string[], payloads: [] as string[], texts: [] as string[] };
  for (const [traceId, { spans, payloads: gathered }] of traces) {
    const { payloads, texts } = encodePayloads([...gathered.request.values(), ...gathered.response.values()]);
    batch.traceIds.push(traceId);
    batch.spans.push(encodeSpans([...spans.values()]));
    batch.payloads.push(payloads);
    batch.texts.push(texts);
  }
  return batch;
}
