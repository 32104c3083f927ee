import type { HrTime } from '@opentelemetry/api';
import type { EpochMillis } from '../gateway/clock.ts';

/** Epoch milliseconds as the SDK's seconds and nanoseconds: an explicit time keeps it from reading its own clock. */
export function hrTime(millis: EpochMillis): HrTime {
  const seconds = Math.floor(millis / 1000);
  return [seconds, Math.round((millis - seconds * 1000) * 1e6)];
}
