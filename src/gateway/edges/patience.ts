/** Something that waits, and is to be told when it has waited for long. */
export interface Waiter {
  onLate(): void;
}

/**
 * Tells who has waited between one and two `periodMillis`, all with one timer: nearly every call is answered long before,
 * and a timer for each would cost more than the call's own bookkeeping. The timer runs only while somebody waits.
 */
export class Patience {
  readonly #periodMillis: number;
  #young = new Set<Waiter>();
  #old = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  constructor(periodMillis: number) {
    this.#periodMillis = periodMillis;
  }

  add(waiter: Waiter): void {
    this.#young.add(waiter);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => {
      this.#tick();
    }, this.#periodMillis);
    this.#timer.unref();
  }

  delete(waiter: Waiter): void {
    if (!this.#young.delete(waiter)) this.#old.delete(waiter);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#young.clear();
    this.#old.clear();
  }

  #tick(): void {
    const late = this.#old;
    this.#old = this.#young;
    this.#young = new Set();
    for (const waiter of late) waiter.onLate();
    if (this.#old.size === 0) this.stop();
  }
}
