import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { StoreBatch } from '../port.ts';
import { encodeSpan } from '../span-codec.ts';
import type { EncodedBatch } from '../worker/protocol.ts';

/** Spans and payload characters that may be handed over but not yet stored: some 100 MB, or seconds of heavy traffic. */
const MAX_WAITING_SPANS = 50_000;
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

/** Gathering for this long halves the work: most spans end within it and cross to the worker once. */
const GATHER_MS = 10;
const MAX_GATHERED_SPANS = 500;
const MAX_GATHERED_CHARACTERS = 1024 * 1024;

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
  #spans = new Map<string, RedactedSpan>();
  #payloads: RedactedPayload[] = [];
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
      const key = span.traceId + span.spanId;
      // Deleted first, so that spans go out in the order of their newest records.
      this.#spans.delete(key);
      this.#spans.set(key, span);
    }
    this.#payloads.push(...batch.payloads);
    this.#gatheredCharacters += characters;
    if (this.#spans.size >= MAX_GATHERED_SPANS || this.#gatheredCharacters >= MAX_GATHERED_CHARACTERS) this.sendNow();
    else this.#timer ??= setTimeout(() => this.sendNow(), GATHER_MS);
  }

  /** Hands over what was gathered, so that a call sent after it is answered after it. */
  sendNow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#spans.size === 0 && this.#payloads.length === 0) return;
    const spans = Array.from(this.#spans.values(), encodeSpan);
    const payloads = this.#payloads;
    this.#sent.push({ spans: spans.length, payloads: payloads.length, characters: this.#gatheredCharacters });
    this.#sentSpans += spans.length;
    this.#sentCharacters += this.#gatheredCharacters;
    this.#spans = new Map();
    this.#payloads = [];
    this.#gatheredCharacters = 0;
    this.#send({ spans, payloads });
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
    this.#drop(this.#spans.size, this.#payloads.length);
    this.#spans.clear();
    this.#payloads = [];
  }

  #isFullWith(spans: number, characters: number): boolean {
    return (
      this.#sentSpans + this.#spans.size + spans > MAX_WAITING_SPANS ||
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
