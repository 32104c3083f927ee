import { describe, expect, it } from 'vitest';
import { countTrail, trailStops } from '../../../renderer/model/trail.ts';
import { millisToUnixNano } from '../../../src/shared/domain/ids.ts';
import type { TrailStep } from '../../../src/shared/domain/redaction.ts';
import { spanIdOf, traceIdOf } from '../../support/make-trace.ts';

const step = (trace: number, span: number, ms: number, path: string, serverId: string | null = null): TrailStep => ({
  traceId: traceIdOf(trace),
  spanId: spanIdOf(span),
  direction: path.startsWith('/params') ? 'request' : null,
  spanName: `span ${String(span)}`,
  serverId: serverId,
  startTime: millisToUnixNano(ms),
  finding: { path, start: 0, end: 3, rule: 'r', kind: 'k', length: '1-8', hash: '0123456789abcdef' },
});

describe('a trail', () => {
  it('is a stop for each span, with the time since the one before and every place in it', () => {
    const stops = trailStops([
      step(1, 1, 1_000, '/params/token'),
      step(1, 1, 1_000, '/status/message'),
      step(1, 2, 1_008, '/params/token', 'vault'),
      step(2, 3, 5_000, '/params/token', 'slack'),
    ]);
    expect(
      stops.map((stop) => [stop.spanName, stop.afterMs, stop.beginsTrace, stop.places.map(({ part }) => part)]),
    ).toEqual([
      ['span 1', null, true, ['Request', 'Status message']],
      ['span 2', 8, false, ['Request']],
      ['span 3', 3_992, true, ['Request']],
    ]);
    expect(countTrail(stops)).toEqual({ places: 4, spans: 3, traces: 2, servers: 2 });
  });

  it('may be empty', () => {
    expect(countTrail(trailStops([]))).toEqual({ places: 0, spans: 0, traces: 0, servers: 0 });
  });
});
