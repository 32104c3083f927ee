import { randomFillSync } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace-base';

const POOL_BYTES = 4096;
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/** Random ids (W3C Trace Context), cut from a stretch of random digits that serves hundreds of them. */
export function createIdGenerator(): IdGenerator {
  const pool = Buffer.alloc(POOL_BYTES);
  let digits = '';
  let used = 0;

  function take(length: number): string {
    if (used + length > digits.length) {
      digits = randomFillSync(pool).toString('hex');
      used = 0;
    }
    const id = digits.slice(used, (used += length));
    return isZero(id) ? take(length) : id;
  }

  return {
    generateTraceId: () => take(TRACE_ID_DIGITS),
    generateSpanId: () => take(SPAN_ID_DIGITS),
  };
}

/** The one value that is no id. */
function isZero(id: string): boolean {
  return id.charCodeAt(0) === 48 && /^0+$/.test(id);
}
