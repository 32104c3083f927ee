import type { TraceStatus } from '../../src/shared/domain/trace.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';

export const STATUS_LABELS: Readonly<Record<TraceStatus, string>> = {
  ok: 'OK',
  error: 'Error',
  blocked: 'Blocked',
  cancelled: 'Cancelled',
  pending: 'Running',
};

export function spanStatus(span: RedactedSpan): TraceStatus {
  if (span.endTime === null) return 'pending';
  return span.status.code === 'error' ? 'error' : 'ok';
}
