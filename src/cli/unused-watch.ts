import type { RunningRuntime } from '../runtime/create-runtime.ts';

const LOOK_EVERY_MILLIS = 250;

export interface UnusedWatch {
  /** Resolves when there was neither a client nor a page for as long as was said. */
  readonly unused: Promise<void>;
  stop(): void;
}

/** Watches for a gateway that nobody needs any more. The time begins at once: whoever started it may be gone. */
export function watchForUnused(runtime: Pick<RunningRuntime, 'usage'>, seconds: number): UnusedWatch {
  let timer: NodeJS.Timeout | undefined;
  const unused = new Promise<void>((resolve) => {
    let usedAt = performance.now();
    const look = (): void => {
      const { clients, pages } = runtime.usage();
      if (clients + pages > 0) usedAt = performance.now();
      else if (performance.now() - usedAt >= seconds * 1_000) resolve();
    };
    timer = setInterval(look, LOOK_EVERY_MILLIS);
  });
  return {
    unused,
    stop() {
      clearInterval(timer);
    },
  };
}
