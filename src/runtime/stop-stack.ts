/** What was started, to be stopped in the opposite order, once. A stop that fails does not keep the others from theirs. */
export interface StopStack {
  add(stop: () => Promise<void> | void): void;
  /** Keeps a place in the order for what is started later than the place says. */
  reserve(): (stop: () => Promise<void> | void) => void;
  /** Idempotent. Rejects with the first failure after all have been tried. */
  stop(): Promise<void>;
}

export function createStopStack(): StopStack {
  const stops: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | null = null;

  async function stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add(stop) {
      stops.push(stop);
    },
    reserve() {
      let reserved: (() => Promise<void> | void) | null = null;
      stops.push(() => reserved?.());
      return (stop) => {
        reserved = stop;
      };
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
