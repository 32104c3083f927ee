/** How much is kept for clients that lose their connection and come back. */
export interface EventStoreLimits {
  /** Events of one session. */
  readonly maxEvents: number;
  /** Bytes of one session, two for each character: the most that a string takes. */
  readonly maxBytes: number;
  /** Bytes of all sessions. */
  readonly maxTotalBytes: number;
}

/** The events of one stream that are kept, under numbers that begin at 1 and never return. */
export interface EventLog {
  /** The number of the newest event, kept or not; 0 before the first. */
  readonly last: number;
  /** Gives the next event its number. Too much for the limits, or too old, is dropped. */
  add(text: string): number;
  /** What is kept of the events after that number, oldest first. */
  after(number: number): readonly StoredEvent[];
  /** Forgets them all. */
  clear(): void;
}

export interface StoredEvent {
  readonly number: number;
  readonly text: string;
}

/** The logs of one session, which share its limits. */
export interface SessionEvents {
  openLog(): EventLog;
}

interface KeptEvent extends StoredEvent {
  readonly bytes: number;
  /** All that is kept of the same session, oldest first. */
  readonly session: SessionShelf;
  readonly log: Map<number, KeptEvent>;
}

interface SessionShelf {
  readonly events: Set<KeptEvent>;
  bytes: number;
}

/**
 * Keeps the newest events of every session in memory. Beyond a session's limits its own oldest event goes, beyond the
 * limit of all the oldest of any session; each that goes this way is counted.
 */
export class EventStore {
  readonly #limits: EventStoreLimits;
  readonly #events = new Set<KeptEvent>();
  #bytes = 0;
  #dropped = 0;

  constructor(limits: EventStoreLimits) {
    this.#limits = limits;
  }

  /** Of all sessions, two for each character. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many events the limits have cost since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  openSession(): SessionEvents {
    const shelf: SessionShelf = { events: new Set(), bytes: 0 };
    return { openLog: () => this.#openLog(shelf) };
  }

  #openLog(session: SessionShelf): EventLog {
    const log = new Map<number, KeptEvent>();
    let last = 0;
    return {
      get last() {
        return last;
      },
      add: (text) => {
        last += 1;
        this.#keep({ number: last, text, bytes: 2 * text.length, session, log });
        return last;
      },
      after: (number) => [...log.values()].filter((event) => event.number > number),
      clear: () => {
        for (const event of log.values()) this.#remove(event);
      },
    };
  }

  #keep(event: KeptEvent): void {
    const { session, bytes } = event;
    const { maxEvents, maxBytes, maxTotalBytes } = this.#limits;
    if (bytes > Math.min(maxBytes, maxTotalBytes)) {
      this.#dropped += 1;
      return;
    }
    while (session.events.size >= maxEvents || session.bytes + bytes > maxBytes) this.#dropOldest(session.events);
    while (this.#bytes + bytes > maxTotalBytes) this.#dropOldest(this.#events);
    event.log.set(event.number, event);
    session.events.add(event);
    session.bytes += bytes;
    this.#events.add(event);
    this.#bytes += bytes;
  }

  #dropOldest(events: ReadonlySet<KeptEvent>): void {
    const [oldest] = events;
    if (oldest === undefined) throw new Error('The store counts more bytes than it has events.');
    this.#remove(oldest);
    this.#dropped += 1;
  }

  #remove(event: KeptEvent): void {
    event.log.delete(event.number);
    event.session.events.delete(event);
    event.session.bytes -= event.bytes;
    this.#events.delete(event);
    this.#bytes -= event.bytes;
  }
}
