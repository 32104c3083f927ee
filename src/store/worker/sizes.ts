/**
 * What rows cost beside their text: keys, indexes and page slack, measured as (pages used - text bytes) / rows.
 * Estimates keep the budget; they need not be exact.
 */
export const TRACE_OVERHEAD_BYTES = 300;
const PART_OVERHEAD_BYTES = 400;

/** A row of `parts`: the bytes of its three texts in UTF-8. */
export function partBytes(spans: number, payloads: number, texts: number): number {
  return spans + payloads + texts + PART_OVERHEAD_BYTES;
}
