const GIVE_UP_MILLIS = 1_000;

/** A request that is being handled, and the way to end it from outside. */
export class RunningCall {
  readonly key: string;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #onIgnored: () => void = () => undefined;

  constructor(key: string) {
    this.key = key;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends the call. Whoever handles it has a second to say how it ended; then it is given up, so that its trace ends. */
  abort(): void {
    if (this.#ending.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#onIgnored();
    }, GIVE_UP_MILLIS);
    this.#timer.unref();
    this.#ending.abort();
  }

  /** `listener` is called when nobody cared that the call was ended. */
  whenIgnored(listener: () => void): void {
    this.#onIgnored = listener;
  }

  over(): void {
    clearTimeout(this.#timer);
  }
}
