import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../gateway/clock.ts';
import type { Capture } from './capture.ts';

/** What every part of one trace needs. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly clock: Clock;
  readonly capture: Capture;
}
