import type { Span } from '@opentelemetry/api';
import type { CallOutcome } from '../gateway/observer.ts';
import type { EpochMillis } from '../gateway/clock.ts';
import { hrTime } from './hr-time.ts';
import { ATTR, EVENT_EXCEPTION } from './semconv.ts';

type Failed = Extract<CallOutcome, { kind: 'failed' }>;

/**
 * Which failures have been told below a span. What is thrown passes every span on its way up; its event stands on the one
 * where it arose, the others have the status alone (R3).
 */
export class FailureTrail {
  readonly #above: FailureTrail | null;
  #told: string[] | null = null;

  constructor(above: FailureTrail | null = null) {
    this.#above = above;
  }

  /** Adds the event unless it stands further down already. There is no stack trace in it. */
  tell(span: Span, failure: Failed, at: EpochMillis): void {
    const { type, message } = failure.cause ?? { type: 'Error', message: failure.message };
    const what = `${type} ${message}`;
    if (this.#told?.includes(what) !== true)
      span.addEvent(EVENT_EXCEPTION, { [ATTR.exceptionType]: type, [ATTR.exceptionMessage]: message }, hrTime(at));
    this.#remember(what);
  }

  #remember(what: string): void {
    if (this.#told?.includes(what) === true) return;
    (this.#told ??= []).push(what);
    if (this.#above !== null) this.#above.#remember(what);
  }
}
