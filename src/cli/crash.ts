import type { RunningRuntime } from '../runtime/create-runtime.ts';
import type { Stop } from '../shared/kernel/listeners.ts';

/** What was recorded is to be kept, but a process in which something failed unforeseen does not stay. */
const END_BOUND_MILLIS = 2_000;

/**
 * Ends the process with code 1 when something fails that nobody foresaw. Node would print the error as it is, and its
 * message may quote what it failed on: this says it redacted (R24, R25).
 */
export function endOnCrash(runtime: Pick<RunningRuntime, 'report' | 'stop'>): Stop {
  let hasCrashed = false;
  const crash = (thrown: unknown): void => {
    if (hasCrashed) return;
    hasCrashed = true;
    runtime.report('Something that should not have', thrown);
    const exit = (): never => process.exit(1);
    setTimeout(exit, END_BOUND_MILLIS);
    runtime.stop().then(exit, exit);
  };
  process.on('uncaughtException', crash);
  return () => {
    process.off('uncaughtException', crash);
  };
}
