/** The request to end, from whoever may make it. */
export interface StopRequest {
  /** Resolves when the process was asked to end. */
  readonly made: Promise<void>;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Five seconds are promised from the signal to the end of the process. */
const STOP_BOUND_MS = 4_500;

/**
 * Listens for signals, and for the launcher's end when one started us. From the request on the process has a bounded time
 * left: what has not stopped by then is cut off and `overdue` says so.
 */
export function listenForStop(overdue: () => void, boundMs = STOP_BOUND_MS): StopRequest {
  return {
    made: new Promise((resolve) => {
      const request = (): void => {
        setTimeout(() => {
          overdue();
          process.exit(0);
        }, boundMs).unref();
        resolve();
      };
      let requested = false;
      const once = (): void => {
        // Ctrl-C reaches the launcher and us, so the request may come twice.
        if (requested) return;
        requested = true;
        request();
      };
      for (const signal of SIGNALS) process.on(signal, once);
      if (process.connected) process.on('disconnect', once);
    }),
  };
}
