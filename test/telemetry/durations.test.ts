import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/gateway/clock.ts';
import { EXCHANGE, RESULT, startRecording, STILL_MILLIS, TOOL_CALL, UPSTREAM_CALL } from './recorded.ts';

/** Moves on by a millisecond whenever it is looked at. */
function tickingClock(): Clock {
  let now = STILL_MILLIS;
  return { now: () => (now += 1), follow: () => undefined };
}

describe('what takes no time', () => {
  it('R57: is an event or an attribute, so that every span has a duration of its own', async () => {
    const clock = tickingClock();
    const { observer, spans } = startRecording(clock);
    const exchange = observer.exchange({ ...EXCHANGE, receivedAt: clock.now() });
    const operation = exchange.operation(TOOL_CALL);
    operation.routed(UPSTREAM_CALL.serverId, 'echo');
    operation.waits(['elicitation/create']).end('answered');
    const call = operation.upstreamCall({ ...UPSTREAM_CALL, attempt: 2 });
    call.sessionReused(true);
    call.agreed('2025-11-25');
    call.sent('{}', '1');
    call.printed('a line', 'stderr', clock.now());
    call.told({ method: 'notifications/progress', params: { progress: 1 } }, clock.now());
    call.received('{}', clock.now());
    const failed = { kind: 'failed', category: 'timeout', message: 'It took too long.', messageText: null } as const;
    call.end(failed);
    operation.end(failed);
    exchange.end({ kind: 'answered', statusCode: 200, answer: failed });
    observer.upkeep({ serverId: UPSTREAM_CALL.serverId, reason: 'connect' }).end(RESULT);
    observer.stream({ ...EXCHANGE, receivedAt: clock.now(), sessionId: 's', resumedFrom: null }).closed(3);
    const recorded = await spans();
    expect(recorded.map(({ name }) => name)).toEqual([
      'POST /servers/{id}/mcp',
      'tool.invoke',
      'mcp.input.wait',
      'mcp.client.call',
      'mcp.client.request',
      'mcp.client.response',
      'server.connect',
      'POST /servers/{id}/mcp',
      'POST /servers/{id}/mcp',
    ]);
    for (const { startTime, endTime } of recorded) expect(endTime).toBeGreaterThan(startTime);
    const ofCall = recorded[3];
    expect(ofCall?.events.map(({ name }) => name)).toEqual(['server.log', 'mcp.notification', 'exception']);
    expect(ofCall?.attributes).toMatchObject({ 'session.reused': true, retry_attempt: 2 });
  });
});
