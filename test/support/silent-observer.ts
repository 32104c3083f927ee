import type {
  NotificationObservation,
  Observer,
  OperationObservation,
  QuestionObservation,
  UpstreamCallObservation,
} from '../../src/gateway/observer.ts';

const nothing = (): undefined => undefined;

/** Hears everything and records nothing: tracing that is off. */
export function silentObserver(): Observer {
  const operation = silentOperation();
  return {
    exchange: () => ({ correlationId: 'none', operation: () => operation, end: nothing }),
    upkeep: () => operation,
    stream: () => ({ correlationId: 'none', closed: nothing }),
    question: silentQuestion,
    news: nothing,
  };
}

export function silentQuestion(): QuestionObservation {
  return { traceContext: null, end: nothing };
}

export function silentNotification(): NotificationObservation {
  return { traceContext: null, sent: nothing, end: nothing };
}

export function silentOperation(): OperationObservation {
  const traceContext = { traceparent: '', tracestate: null };
  const message = { traceContext, sent: nothing, received: nothing, printed: nothing, told: nothing, end: nothing };
  const call: UpstreamCallObservation = {
    ...message,
    sessionReused: nothing,
    agreed: nothing,
    opening: () => message,
  };
  return {
    traceContext,
    waits: () => ({ question: silentQuestion, end: nothing }),
    question: silentQuestion,
    upstreamNotification: silentNotification,
    routed: nothing,
    agreed: nothing,
    upstreamCall: () => call,
    end: nothing,
  };
}
