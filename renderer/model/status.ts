import type { TraceStatus, TraceSummary } from '../../src/shared/domain/trace.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { isInputWait, waitOutcome } from './input-wait.ts';

/** A trace's status, and of those that run, whether its client is waited for. */
export type ShownStatus = TraceStatus | 'waiting';

export const STATUS_LABELS: Readonly<Record<ShownStatus, string>> = {
  ok: 'OK',
  error: 'Error',
  blocked: 'Blocked',
  cancelled: 'Cancelled',
  pending: 'Running',
  waiting: 'Waiting',
};

export function traceStatus({ status, waitsFor }: Pick<TraceSummary, 'status' | 'waitsFor'>): ShownStatus {
  return status === 'pending' && waitsFor.length > 0 ? 'waiting' : status;
}

export function spanStatus(span: RedactedSpan): ShownStatus {
  if (span.endTime === null) return isInputWait(span) ? 'waiting' : 'pending';
  if (span.status.code === 'error') return 'error';
  return isInputWait(span) && waitOutcome(span) === 'unanswered' ? 'cancelled' : 'ok';
}
