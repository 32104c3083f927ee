import { UpstreamFailure } from '../failure.ts';
import { isToolError, toolErrorText, type ResponseFrame } from '../frame/frame.ts';
import type { CallOutcome, ThrownCause } from '../observer.ts';
import { innermostCause } from '../../shared/kernel/innermost-cause.ts';

/** How the answer of a server counts as the outcome of its call. */
export function outcomeOf(frame: ResponseFrame, messageText: string | null): CallOutcome {
  if (frame.kind === 'error') return { kind: 'error', code: frame.code, message: frame.errorMessage, messageText };
  if (!isToolError(frame)) return { kind: 'result', isToolError: false, messageText };
  return { kind: 'result', isToolError: true, toolErrorText: toolErrorText(frame), messageText };
}

/** How a thrown failure counts as the outcome of its call. */
export function outcomeOfFailure(
  thrown: unknown,
  sanitize: (text: string) => string,
  messageText: string | null,
): CallOutcome {
  if (thrown instanceof UpstreamFailure) {
    if (thrown.category === 'cancelled') return { kind: 'cancelled' };
    const { category, message } = thrown;
    return { kind: 'failed', category, message: sanitize(message), messageText, cause: causeOf(thrown) };
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') return { kind: 'cancelled' };
  return {
    kind: 'failed',
    category: 'unknown',
    message: 'The gateway failed while it handled this call.',
    messageText,
    cause: causeOf(thrown),
  };
}

/** For the span alone: a caller hears no more than the message (R103). */
function causeOf(thrown: unknown): ThrownCause {
  const { code, name, message } = innermostCause(thrown);
  return { type: code || name || typeof thrown, message: message || code || String(thrown) };
}
