import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { AnswerMessage } from './messages.ts';
import { ATTR, CALLER_FAULT_CODES, ERROR_TYPE_CANCELLED, ERROR_TYPE_TOOL, OTHER } from './semconv.ts';

/**
 * The status rules of the conventions for the side that serves: success and a caller's fault are left UNSET. The text of
 * an error is part of an answer and may quote what was asked, so it is not recorded; the gateway has it, redacted, on
 * its own span.
 */
export function setAnswered(span: Span, { result, error }: AnswerMessage): void {
  if (error === null) {
    if (result?.['isError'] === true) fail(span, ERROR_TYPE_TOOL);
    return;
  }
  const code = Number(error['code']);
  span.setAttribute(ATTR.rpcResponseStatusCode, String(code));
  if (!CALLER_FAULT_CODES.has(code)) fail(span, String(code));
}

/** The client gave up or went away. */
export function setCancelled(span: Span): void {
  span.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
}

/** The server could not even take the message. */
export function setFailed(span: Span, thrown: unknown): void {
  fail(span, thrown instanceof Error ? thrown.name : OTHER);
}

function fail(span: Span, errorType: string): void {
  span.setAttribute(ATTR.errorType, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
