import type { Identity } from './identity.ts';
import type { Tracing } from './tracing.ts';

/** The tracing of this process: one for all of its servers. */
export interface ProcessTracing {
  /** Undefined while it is being loaded, null when it could not be. */
  readonly current: Tracing | null | undefined;
  readonly ready: Promise<Tracing | null>;
}

interface Loading extends ProcessTracing {
  current: Tracing | null | undefined;
  ready: Promise<Tracing | null>;
}

const ofProcess: { tracing: ProcessTracing | null } = { tracing: null };

/** Begins to load OpenTelemetry, once. */
export function startProcessTracing(identity: Identity): ProcessTracing {
  ofProcess.tracing ??= load(identity);
  return ofProcess.tracing;
}

export async function stopProcessTracing(): Promise<void> {
  const { tracing } = ofProcess;
  ofProcess.tracing = null;
  await (await tracing?.ready)?.stop();
}

function load(identity: Identity): ProcessTracing {
  const loading: Loading = { current: undefined, ready: Promise.resolve(null) };
  loading.ready = import('./tracing.ts')
    .then(({ startTracing }) => (loading.current = startTracing(identity)))
    .catch((reason: unknown) => {
      // Without a word the user would look for spans that cannot come. It goes to stderr.
      process.emitWarning(`throughline/upstream could not begin to trace, so nothing is traced: ${String(reason)}`);
      return (loading.current = null);
    });
  return loading;
}
