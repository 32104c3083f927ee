import { UpstreamFailure } from '../failure.ts';
import { isToolError, toolErrorText, type ResponseFrame } from '../frame/frame.ts';
import type { CallOutcome } from '../observer.ts';

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
    return { kind: 'failed', category: thrown.category, message: sanitize(thrown.message), messageText };
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') return { kind: 'cancelled' };
  return {
    kind: 'failed',
    category: 'unknown',
    message: 'The gateway failed while it handled this call.',
    messageText,
  };
}
