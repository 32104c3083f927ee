import type { EventLog } from './event-store.ts';
import type { MessageStream } from './message-stream.ts';

/** What takes a stream's events to the client for as long as it lasts: one HTTP response. */
export interface EventCarrier {
  readonly isOpen: boolean;
  write(text: string, id: string): void;
  end(): void;
}

/**
 * A stream of events that outlives the connections which carry it, one at a time: what is sent while there is none is
 * kept and goes out with the next (MCP 2025-11-25, transports, resumability). Ids are `{stream}-{number}`.
 */
export class EventStream implements MessageStream {
  readonly key: string;
  protected readonly log: EventLog;
  #carrier: EventCarrier | null = null;
  #sent = 0;
  #hasEnded = false;

  constructor(key: string, log: EventLog) {
    this.key = key;
    this.log = log;
  }

  get isOpen(): boolean {
    return this.isCarried;
  }

  get isComplete(): boolean {
    return false;
  }

  get isCarried(): boolean {
    return this.#carrier?.isOpen === true;
  }

  /** The id of the newest event that went out: where a client without any would begin. */
  get position(): string {
    return `${this.key}-${this.#sent}`;
  }

  get hasSent(): boolean {
    return this.#sent > 0;
  }

  /** Sends the next event, or keeps it; after the end it is lost. */
  send(text: string): void {
    if (this.#hasEnded) return;
    const number = this.log.add(text);
    if (this.#carrier?.isOpen === true) this.#write(this.#carrier, text, number);
  }

  /** Goes on over this carrier, in place of an earlier one, with what came after event `after`, or else with what never went out. */
  attach(carrier: EventCarrier, after: number | null): void {
    const earlier = this.#carrier;
    this.#carrier = carrier;
    earlier?.end();
    for (const { number, text } of this.log.after(after ?? this.#sent)) this.#write(carrier, text, number);
  }

  /** The connection broke. */
  lost(carrier: EventCarrier): void {
    this.detach(carrier);
  }

  /** True when nothing will be added and a client that has event `after` has all that is kept. */
  isOver(after: number): boolean {
    return this.isComplete && this.log.after(after).length === 0;
  }

  end(): void {
    this.#hasEnded = true;
    this.endCarrier();
    this.log.clear();
  }

  /** False when another carrier has taken over meanwhile. */
  protected detach(carrier: EventCarrier): boolean {
    if (this.#carrier !== carrier) return false;
    this.#carrier = null;
    return true;
  }

  protected endCarrier(): void {
    this.#carrier?.end();
    this.#carrier = null;
  }

  #write(carrier: EventCarrier, text: string, number: number): void {
    this.#sent = Math.max(this.#sent, number);
    carrier.write(text, `${this.key}-${number}`);
  }
}
