import type {
  ExchangeObservation,
  InputWait,
  Observer,
  OperationObservation,
  QuestionObservation,
  QuestionStart,
  TraceContext,
  UpstreamCallObservation,
} from '../gateway/observer.ts';
import { correlationIdOf } from './correlation-id.ts';
import { contextPassedOn } from './trace-context.ts';

const nothing = (): undefined => undefined;

/**
 * Hears everything and records nothing (R92). Without a span of its own the gateway is no part of the caller's trace, so
 * the caller's context goes on to the servers, where the trace continues. Of a call without one only its correlation id
 * is made, which its answer bears (R79).
 */
export function createSilentObserver(newCorrelationId: () => string): Observer {
  const unplaced = operationUnder(null);
  /** The entry of a batch names its own place. */
  const operation: ExchangeObservation['operation'] = ({ linkedMeta }) => {
    const context = contextPassedOn(linkedMeta);
    return context === null ? unplaced : operationUnder(context);
  };
  return {
    exchange({ meta, headers }) {
      const correlationId = correlationIdOf(headers['x-correlation-id'], newCorrelationId);
      const context = contextPassedOn(meta, headers);
      if (context === null) return { correlationId, operation, end: nothing };
      return {
        correlationId,
        operation: ({ linkedMeta }) => operationUnder(contextPassedOn(linkedMeta) ?? context),
        end: nothing,
      };
    },
    upkeep: () => unplaced,
    stream: ({ headers }) => ({
      correlationId: correlationIdOf(headers['x-correlation-id'], newCorrelationId),
      closed: nothing,
    }),
    question: ({ meta }) => questionUnder(meta),
    news: nothing,
  };
}

function operationUnder(traceContext: TraceContext | null): OperationObservation {
  const message = { traceContext, sent: nothing, received: nothing, printed: nothing, told: nothing, end: nothing };
  const notification = { traceContext, sent: nothing, end: nothing };
  const call: UpstreamCallObservation = {
    ...message,
    sessionReused: nothing,
    agreed: nothing,
    opening: () => message,
  };
  return {
    traceContext,
    waits: () => WAIT,
    question: ({ meta }) => questionUnder(meta),
    routed: nothing,
    agreed: nothing,
    upstreamCall: () => call,
    upstreamNotification: () => notification,
    end: nothing,
  };
}

/** A server's question carries the server's own context on to the client. */
function questionUnder(meta: QuestionStart['meta']): QuestionObservation {
  return { traceContext: contextPassedOn(meta), end: nothing };
}

const WAIT: InputWait = { question: ({ meta }) => questionUnder(meta), end: nothing };
