/**
 * What rows cost beside their text: keys, indexes and page slack, measured as (pages used - text bytes) / rows.
 * Estimates keep the budget; they need not be exact.
 */
export const TRACE_OVERHEAD_BYTES = 600;
const SPAN_OVERHEAD_BYTES = 250;
const PAYLOAD_OVERHEAD_BYTES = 300;

export function spanBytes(body: string): number {
  return Buffer.byteLength(body) + SPAN_OVERHEAD_BYTES;
}

export function payloadBytes(text: string, findings: string): number {
  return Buffer.byteLength(text) + Buffer.byteLength(findings) + PAYLOAD_OVERHEAD_BYTES;
}
