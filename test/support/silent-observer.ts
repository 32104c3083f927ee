import type { Observer, OperationObservation, UpstreamCallObservation } from '../../src/gateway/observer.ts';

const nothing = (): undefined => undefined;

/** Hears everything and records nothing: tracing that is off. */
export function silentObserver(): Observer {
  const operation = silentOperation();
  return {
    exchange: () => ({ correlationId: 'none', operation: () => operation, end: nothing }),
    upkeep: () => operation,
    stream: () => ({ correlationId: 'none', closed: nothing }),
  };
}

export function silentOperation(): OperationObservation {
  const traceContext = { traceparent: '', tracestate: null };
  const message = { traceContext, sent: nothing, received: nothing, printed: nothing, end: nothing };
  const call: UpstreamCallObservation = {
    ...message,
    sessionReused: nothing,
    agreed: nothing,
    opening: () => message,
  };
  return {
    traceContext,
    waits: () => ({ end: nothing }),
    routed: nothing,
    agreed: nothing,
    upstreamCall: () => call,
    end: nothing,
  };
}
