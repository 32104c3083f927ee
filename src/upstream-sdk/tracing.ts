import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { createConnectionSpans, type ConnectionSpans } from './connection-spans.ts';
import type { Identity } from './identity.ts';
import { createSending } from './sending.ts';
import { isRegistered } from './switch.ts';

/** Tracing of this process. */
export interface Tracing {
  connection(): ConnectionSpans;
  /** Sends what waits, for a bounded time, and takes back what was registered. */
  stop(): Promise<void>;
}

const SCOPE = 'throughline/upstream';

/**
 * Begins tracing. An SDK that the process registered before is used as it is; what it left unregistered (a context
 * manager, a propagator) is added, because without them nothing nests and nothing is joined.
 */
export function startTracing(identity: Identity): Tracing {
  const sending = isRegistered('trace') ? null : createSending(identity);
  const ownsContexts = !isRegistered('context');
  const ownsPropagation = !isRegistered('propagation');
  if (ownsContexts) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (ownsPropagation) propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = trace.getTracer(SCOPE);
  return {
    connection: () => createConnectionSpans(tracer),
    async stop() {
      await sending?.stop();
      if (ownsContexts) context.disable();
      if (ownsPropagation) propagation.disable();
    },
  };
}
