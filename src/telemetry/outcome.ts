import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { EpochMillis } from '../gateway/clock.ts';
import type { CallOutcome } from '../gateway/observer.ts';
import type { FailureTrail } from './exception.ts';
import { ATTR, CALLER_FAULT_CODES, ERROR_TYPE_CANCELLED, ERROR_TYPE_TOOL } from './semconv.ts';

/** Which side of the call a span stands for; the sides differ in whose faults count against them. */
export type Side = 'serving' | 'calling';

/** When a span ends, and which failures stand below it already. */
export interface Ending {
  readonly at: EpochMillis;
  readonly trail: FailureTrail;
}

/**
 * Puts the outcome of a call on its span (R35, R36, R47, R48, and the status rules of the MCP conventions): success is
 * left UNSET, a cancelled call too; a caller's fault is an error of the calling side only.
 */
export function setOutcome(span: Span, outcome: CallOutcome, side: Side, { at, trail }: Ending): void {
  switch (outcome.kind) {
    case 'result':
      if (outcome.isToolError)
        fail(span, ERROR_TYPE_TOOL, outcome.toolErrorText ?? 'The tool answered that it failed.');
      return;
    case 'error':
      setRpcError(span, outcome.code, outcome.message, side);
      return;
    case 'failed':
      if (outcome.code !== undefined) span.setAttribute(ATTR.rpcResponseStatusCode, String(outcome.code));
      trail.tell(span, outcome, at);
      fail(span, outcome.category, outcome.message);
      return;
    case 'cancelled':
      span.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
      return;
    case 'accepted':
  }
}

/** What a JSON-RPC answer inside HTTP 200 means for the root. */
export function setRootOutcome(span: Span, outcome: CallOutcome, ending: Ending): void {
  if (outcome.kind === 'result') return;
  setOutcome(span, outcome, 'serving', ending);
}

function setRpcError(span: Span, code: number, message: string, side: Side): void {
  span.setAttribute(ATTR.rpcResponseStatusCode, String(code));
  if (side === 'serving' && CALLER_FAULT_CODES.has(code)) span.setAttribute(ATTR.errorMessage, message);
  else fail(span, String(code), message);
}

function fail(span: Span, errorType: string, message: string): void {
  span.setAttribute(ATTR.errorType, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
