import type { SpanId, TraceId, UnixNano } from '../../src/shared/domain/ids.ts';
import { millisBetween } from '../../src/shared/domain/ids.ts';
import type { TrailStep } from '../../src/shared/domain/redaction.ts';
import { placeWords } from './finding-path.ts';
import type { PlaceWords } from './finding-path.ts';

/** One span on a secret's way, with all the places in it at which the secret was met. */
export interface TrailStop {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly spanName: string;
  readonly serverId: string | null;
  readonly startTime: UnixNano;
  /** Milliseconds since the stop before; null for the first. */
  readonly afterMs: number | null;
  /** It is in another trace than the stop before. */
  readonly beginsTrace: boolean;
  readonly places: readonly (PlaceWords & { readonly step: TrailStep })[];
}

/** A secret's way from span to span, oldest first. Steps in one span are one stop, wherever they came in the list. */
export function trailStops(steps: readonly TrailStep[]): readonly TrailStop[] {
  const bySpan = Map.groupBy(steps, (step) => `${step.traceId} ${step.spanId}`);
  let before: TrailStep | null = null;
  return [...bySpan.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const stop: TrailStop = {
      traceId: first.traceId,
      spanId: first.spanId,
      spanName: first.spanName,
      serverId: first.serverId,
      startTime: first.startTime,
      afterMs: before === null ? null : Math.max(0, millisBetween(before.startTime, first.startTime)),
      beginsTrace: before?.traceId !== first.traceId,
      places: own.map((step) => ({ ...placeWords(step.direction, step.finding.path), step })),
    };
    before = first;
    return [stop];
  });
}

export interface TrailCounts {
  readonly places: number;
  readonly spans: number;
  readonly traces: number;
  readonly servers: number;
}

export function countTrail(stops: readonly TrailStop[]): TrailCounts {
  return {
    places: stops.reduce((sum, stop) => sum + stop.places.length, 0),
    spans: stops.length,
    traces: new Set(stops.map((stop) => stop.traceId)).size,
    servers: new Set(stops.flatMap((stop) => stop.serverId ?? [])).size,
  };
}
