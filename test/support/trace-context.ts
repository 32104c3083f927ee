import { randomBytes } from 'node:crypto';

export interface CallerContext {
  readonly traceId: string;
  readonly spanId: string;
  /** W3C Trace Context, version 00. */
  readonly traceparent: string;
}

/** The context of a caller's own span, new each time: what a traced agent would send, sampled unless `flags` say otherwise. */
export function newCallerContext(flags = '01'): CallerContext {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}
