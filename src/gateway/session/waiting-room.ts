/** People answer questions; who takes longer than this has gone. */
const PATIENCE_MILLIS = 10 * 60_000;
const MOST_WAITING = 256;

interface Entry<T> {
  readonly value: T;
  readonly timer: NodeJS.Timeout;
}

export interface WaitingRoomOptions<T> {
  readonly patienceMillis?: number;
  /** Called once with what nobody came for: too late, one too many, replaced by another of its name, or at the end. */
  readonly onGone: (value: T) => void;
}

/** What waits for a client to come back, by the name under which it will ask. Bounded: the oldest goes first. */
export class WaitingRoom<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #patienceMillis: number;
  readonly #onGone: (value: T) => void;

  constructor({ patienceMillis = PATIENCE_MILLIS, onGone }: WaitingRoomOptions<T>) {
    this.#patienceMillis = patienceMillis;
    this.#onGone = onGone;
  }

  add(name: string, value: T): void {
    this.#drop(name);
    const timer = setTimeout(() => {
      this.#drop(name);
    }, this.#patienceMillis);
    timer.unref();
    this.#entries.set(name, { value, timer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_WAITING && oldest !== undefined) this.#drop(oldest);
  }

  get(name: string): T | null {
    return this.#entries.get(name)?.value ?? null;
  }

  /** Waits no more. */
  take(name: string): T | null {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    clearTimeout(entry.timer);
    this.#entries.delete(name);
    return entry.value;
  }

  stop(): void {
    for (const name of [...this.#entries.keys()]) this.#drop(name);
  }

  #drop(name: string): void {
    const value = this.take(name);
    if (value !== null) this.#onGone(value);
  }
}
