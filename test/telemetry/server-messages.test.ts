import { describe, expect, it } from 'vitest';
import type { QuestionStart } from '../../src/gateway/observer.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { EXCHANGE, startRecording, stillClock, TOOL_CALL, UPSTREAM_CALL } from './recorded.ts';

const ONE = 'one' as ServerId;
const THEIRS = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const THEIR_META = { traceparent: `00-${THEIRS.traceId}-${THEIRS.spanId}-01` };

const QUESTION: QuestionStart = {
  method: 'elicitation/create',
  idText: '"throughline-1"',
  meta: THEIR_META,
  messageText: '{"method":"elicitation/create"}',
  serverId: null,
  sessionId: 'the-session-id-itself',
  clientName: 'some-client',
};

const progress = (value: number) => ({
  method: 'notifications/progress',
  params: { progressToken: 't', progress: value, total: 100, message: `step ${value}` },
});

describe('what a server asks', () => {
  it('R56: during a call is linked to the server’s own span, and knows the server that was called', async () => {
    const { observer, spans } = startRecording();
    const operation = observer.exchange(EXCHANGE).operation(TOOL_CALL);
    operation.routed(ONE, 'echo');
    const question = operation.waits(['elicitation/create']).question(QUESTION);
    const recorded = (await spans()).find(({ name }) => name === 'elicitation.create');
    expect(recorded).toMatchObject({
      kind: 'client',
      endTime: null,
      links: [THEIRS],
      attributes: { 'jsonrpc.request.id': 'throughline-1', 'throughline.server.id': 'one' },
    });
    expect(recorded?.traceId).not.toBe(THEIRS.traceId);
    expect(question.traceContext?.traceparent).toBe(`00-${recorded?.traceId}-${recorded?.spanId}-01`);
    expect(JSON.stringify(recorded, replaceBigInt)).not.toContain('the-session-id-itself');
  });

  it('outside of any call stands below the server’s own span', async () => {
    const { observer, spans } = startRecording();
    observer.question({ ...QUESTION, serverId: ONE }).end({ kind: 'cancelled' });
    const [recorded] = await spans();
    expect(recorded).toMatchObject({ traceId: THEIRS.traceId, parentSpanId: THEIRS.spanId, parentIsRemote: true });
    expect(recorded).toMatchObject({ links: [], attributes: { 'error.type': 'cancelled' }, status: { code: 'unset' } });
  });

  it('ends once', async () => {
    const clock = stillClock();
    const { observer, spans } = startRecording(clock);
    const question = observer.question(QUESTION);
    question.end({ kind: 'result', isToolError: false, messageText: '{}' }, 'accept');
    const [first] = await spans();
    clock.move(5_000);
    question.end({ kind: 'cancelled' }, 'decline');
    expect(await spans()).toEqual([first]);
  });
});

describe('what a server tells during a call', () => {
  it('R57: is an event of the call with its method and small facts, and no span', async () => {
    const { observer, spans } = startRecording();
    const call = observer.exchange(EXCHANGE).operation(TOOL_CALL).upstreamCall(UPSTREAM_CALL);
    call.told(progress(1), 1_764_000_000_001);
    const data = { password: 'hunter2' };
    call.told({ method: 'notifications/message', params: { level: 'info', logger: 'db', data } }, 1_764_000_000_002);
    const recorded = await spans();
    expect(recorded.map(({ name }) => name)).toEqual(['POST /servers/{id}/mcp', 'tool.invoke', 'mcp.client.call']);
    expect(recorded[2]?.events).toMatchObject([
      {
        name: 'mcp.notification',
        attributes: {
          'mcp.method.name': 'notifications/progress',
          'throughline.progress': 1,
          'throughline.progress.total': 100,
          'throughline.progress.message': 'step 1',
        },
      },
      {
        name: 'mcp.notification',
        attributes: {
          'mcp.method.name': 'notifications/message',
          'throughline.log.level': 'info',
          'throughline.log.logger': 'db',
        },
      },
    ]);
    expect(JSON.stringify(recorded[2]?.events, replaceBigInt)).not.toContain('hunter2');
  });

  it('is kept up to 64 times, and the rest is counted', async () => {
    const { observer, spans } = startRecording();
    const call = observer.exchange(EXCHANGE).operation(TOOL_CALL).upstreamCall(UPSTREAM_CALL);
    for (let step = 0; step < 100; step += 1) call.told(progress(step), 1_764_000_000_000);
    const recorded = (await spans()).find(({ name }) => name === 'mcp.client.call');
    expect(recorded?.events).toHaveLength(64);
    expect(recorded?.attributes).toMatchObject({ 'throughline.notifications.dropped': 36 });
  });

  it('passes through redaction', async () => {
    const { observer, spans } = startRecording();
    const call = observer.exchange(EXCHANGE).operation(TOOL_CALL).upstreamCall(UPSTREAM_CALL);
    const message = 'uploading with AKIAIOSFODNN7EXAMPLE';
    call.told({ method: 'notifications/progress', params: { progress: 1, message } }, 1_764_000_000_000);
    expect(JSON.stringify(await spans(), replaceBigInt)).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });
});

describe('what a server tells outside of calls', () => {
  const updated = {
    serverId: ONE,
    method: 'notifications/resources/updated',
    params: { uri: 'file:///a' },
  };

  it('R49: is a short root of its own that counts as upkeep', async () => {
    const { observer, spans } = startRecording();
    observer.news(updated);
    expect(await spans()).toMatchObject([
      {
        name: 'notification.resources.updated',
        kind: 'server',
        parentSpanId: null,
        attributes: {
          'mcp.method.name': 'notifications/resources/updated',
          'mcp.resource.uri': 'file:///a',
          'throughline.server.id': 'one',
          'throughline.upkeep': 'news',
        },
      },
    ]);
    expect((await spans())[0]?.endTime).not.toBeNull();
  });

  it('stands below the server’s own span when it names one', async () => {
    const { observer, spans } = startRecording();
    observer.news({ ...updated, params: { ...updated.params, _meta: THEIR_META } });
    expect(await spans()).toMatchObject([{ traceId: THEIRS.traceId, parentSpanId: THEIRS.spanId }]);
  });

  it('has a span up to 64 times in ten seconds, each server by itself, and the next says how many had none', async () => {
    const clock = stillClock();
    const { observer, spans } = startRecording(clock);
    for (let time = 0; time < 70; time += 1) observer.news(updated);
    observer.news({ ...updated, serverId: 'two' as ServerId });
    expect(await spans()).toHaveLength(65);
    clock.move(10_000);
    observer.news(updated);
    expect((await spans()).at(-1)?.attributes).toMatchObject({ 'throughline.notifications.dropped': 6 });
  });

  it('is not recorded while nothing is', async () => {
    const { observer, spans, set } = startRecording();
    set({ isRecording: false });
    observer.news(updated);
    expect(observer.question(QUESTION).traceContext).toMatchObject(THEIR_META);
    expect(await spans()).toEqual([]);
  });
});

describe('a notification that goes on to a server', () => {
  it('R49: is a client span with a context of its own', async () => {
    const { observer, spans, payloads } = startRecording();
    const operation = observer
      .exchange(EXCHANGE)
      .operation({ ...TOOL_CALL, method: 'notifications/roots/list_changed' });
    const { serverId, transport, address } = UPSTREAM_CALL;
    const start = { serverId, method: 'notifications/roots/list_changed', transport, address };
    const notification = operation.upstreamNotification(start);
    notification.sent('{"method":"notifications/roots/list_changed"}');
    notification.end({ kind: 'accepted' });
    const [, parent, span] = await spans();
    expect(span).toMatchObject({
      name: 'mcp.client.notify',
      kind: 'client',
      parentSpanId: parent?.spanId,
      status: { code: 'unset' },
      attributes: { 'mcp.method.name': 'notifications/roots/list_changed', 'throughline.server.id': 'one' },
    });
    expect(span?.attributes).not.toHaveProperty(['jsonrpc.request.id']);
    expect(notification.traceContext?.traceparent).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
    expect((await payloads()).filter(({ spanId }) => spanId === span?.spanId)).toHaveLength(1);
  });
});

function replaceBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
