import type { HeldCall } from './held-call.ts';

/** People answer questions; who takes longer than this has gone. */
const PATIENCE_MILLIS = 10 * 60_000;
const MOST_HELD = 256;

interface Entry {
  readonly call: HeldCall;
  readonly timer: NodeJS.Timeout;
}

/** Calls that wait for their client to come back with a reply. Bounded: the oldest is ended first. */
export class HeldCalls {
  readonly #entries = new Map<string, Entry>();
  readonly #patienceMillis: number;

  constructor(patienceMillis = PATIENCE_MILLIS) {
    this.#patienceMillis = patienceMillis;
  }

  add(call: HeldCall): void {
    const timer = setTimeout(() => {
      this.#drop(call.id);
    }, this.#patienceMillis);
    timer.unref();
    this.#entries.set(call.id, { call, timer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_HELD && oldest !== undefined) this.#drop(oldest);
  }

  /** The call of this id, while `isMeant` says it is the one: it is held no more then. */
  take(id: string, isMeant: (call: HeldCall) => boolean): HeldCall | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || !isMeant(entry.call)) return null;
    clearTimeout(entry.timer);
    this.#entries.delete(id);
    return entry.call;
  }

  stop(): void {
    for (const id of [...this.#entries.keys()]) this.#drop(id);
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.#entries.delete(id);
    entry.call.abort();
  }
}
