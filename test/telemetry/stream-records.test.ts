import { describe, expect, it } from 'vitest';
import { millisToUnixNano } from '../../src/shared/domain/ids.ts';
import { EXCHANGE, startRecording, stillClock, STILL_MILLIS } from './recorded.ts';

const STREAM = { ...EXCHANGE, method: 'GET', sessionId: 'the-session-id-itself', resumedFrom: null } as const;

describe('the two records of an event stream', () => {
  it('R37: say that it was opened and that it was closed, and neither stays open', async () => {
    const clock = stillClock();
    const { observer, spans } = startRecording(clock);
    clock.move(3);
    const stream = observer.stream(STREAM);
    const [opened] = await spans();
    expect(opened).toMatchObject({
      name: 'GET /servers/{id}/mcp',
      kind: 'server',
      parentSpanId: null,
      startTime: millisToUnixNano(STILL_MILLIS),
      endTime: millisToUnixNano(STILL_MILLIS + 3),
      links: [],
      attributes: {
        'http.request.method': 'GET',
        'throughline.upkeep': 'stream',
        'throughline.stream.phase': 'opened',
        correlation_id: stream.correlationId,
      },
    });
    expect(opened?.attributes).not.toHaveProperty(['throughline.stream.resumed_from']);
    clock.move(7_200_000);
    stream.closed(42);
    const closed = (await spans()).find((span) => span.spanId !== opened?.spanId);
    expect(closed).toMatchObject({
      name: 'GET /servers/{id}/mcp',
      startTime: millisToUnixNano(STILL_MILLIS + 7_200_003),
      endTime: millisToUnixNano(STILL_MILLIS + 7_200_003),
      links: [{ traceId: opened?.traceId, spanId: opened?.spanId }],
      attributes: {
        'throughline.upkeep': 'stream',
        'throughline.stream.phase': 'closed',
        'throughline.stream.messages': 42,
        'throughline.stream.duration_ms': 7_200_003,
        correlation_id: stream.correlationId,
      },
    });
    expect(closed?.traceId).not.toBe(opened?.traceId);
  });

  it('hold the hash of the session and where the stream goes on, never the session id', async () => {
    const { observer, spans } = startRecording();
    observer.stream({ ...STREAM, resumedFrom: 'event-17' });
    const [opened] = await spans();
    expect(opened?.attributes).toMatchObject({ 'throughline.stream.resumed_from': 'event-17' });
    expect(opened?.attributes['mcp.session.id']).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(opened?.attributes)).not.toContain('the-session-id-itself');
  });

  it("the first stands in the caller's trace when it names one, the second in one of its own", async () => {
    const { observer, spans } = startRecording();
    const [traceId, spanId] = ['1'.repeat(32), '2'.repeat(16)];
    const headers = { traceparent: `00-${traceId}-${spanId}-01`, 'x-correlation-id': 'mine' };
    const stream = observer.stream({ ...STREAM, headers });
    stream.closed(0);
    expect(stream.correlationId).toBe('mine');
    const [opened, closed] = await spans();
    expect(opened).toMatchObject({ traceId, parentSpanId: spanId, parentIsRemote: true });
    expect(closed).toMatchObject({ parentSpanId: null, links: [{ traceId, spanId: opened?.spanId }] });
    expect(closed?.traceId).not.toBe(traceId);
  });
});
