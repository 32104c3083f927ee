import type { Attributes, Context, Link, Span, SpanKind, Tracer } from '@opentelemetry/api';
import type { Clock, EpochMillis } from '../gateway/clock.ts';
import type { Capture } from './capture.ts';
import type { FailureTrail } from './exception.ts';
import { hrTime } from './hr-time.ts';
import type { SessionHash } from './session-hash.ts';
import type { MessageNames } from './span-names.ts';

/** What every part of one trace needs, under the policy that was in force when it began. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly clock: Clock;
  readonly names: MessageNames;
  readonly capture: Capture;
  /** The client's address may be recorded (R23). */
  readonly capturesIdentity: boolean;
  readonly hashOfSession: SessionHash;
  /** 32 random hex digits. */
  readonly newCorrelationId: () => string;
}

/** What a span of a trace under way stands below, and which failures have been told there. */
export interface Below {
  readonly parent: Context;
  readonly trail: FailureTrail;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
  /** Now, when it is left out. */
  readonly startedAt?: EpochMillis;
}

/** Attributes are set on the new span: given to the sampler, which looks at none, they would be copied twice before. */
export function startSpan({ tracer, clock }: Tracing, start: SpanStart, parent: Context): Span {
  const { name, kind, attributes, links } = start;
  const startTime = hrTime(start.startedAt ?? clock.now());
  const options =
    links === undefined || links.length === 0 ? { kind, startTime } : { kind, startTime, links: [...links] };
  const span = tracer.startSpan(name, options, parent);
  return attributes === undefined ? span : span.setAttributes(attributes);
}
