import type { App } from 'electron';

/** Longest that stopping servers and the store may hold up the end of the app, in milliseconds. */
const STOP_DEADLINE_MS = 5_000;

export interface QuitOptions {
  /** Stops the runtime. */
  readonly stop: () => Promise<void>;
  readonly report: (doing: string, thrown: unknown) => void;
  readonly deadlineMs?: number;
}

/** Stops the runtime before the app ends, whichever way it ends, and ends it in time even if stopping hangs or fails. */
export function setupQuit(app: Pick<App, 'on' | 'exit'>, options: QuitOptions): void {
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    void stopWithin(options).finally(() => {
      app.exit(0);
    });
  });
}

async function stopWithin({ stop, report, deadlineMs = STOP_DEADLINE_MS }: QuitOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      report('Stopping', new Error('it took too long, so the app ended without waiting'));
      resolve();
    }, deadlineMs);
  });
  const stopped = stop().catch((thrown: unknown) => {
    report('Stopping', thrown);
  });
  await Promise.race([stopped, deadline]);
  clearTimeout(timer);
}
