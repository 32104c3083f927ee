import { describe, expect, it, vi } from 'vitest';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import { createTracingObserver } from '../../src/telemetry/tracing-observer.ts';
import {
  EXCHANGE,
  RESULT,
  startRecording,
  stillClock,
  STILL_MILLIS,
  TOOL_CALL,
  UPSTREAM_CALL,
  type Recording,
} from './recorded.ts';

const ANSWERED = { kind: 'answered', statusCode: 200 } as const;

/** A call with a handshake, as far as its answer, and what ends it. */
function beginCall({ observer }: Pick<Recording, 'observer'>, target = 'echo') {
  const exchange = observer.exchange(EXCHANGE);
  const operation = exchange.operation({ ...TOOL_CALL, target: `one__${target}` });
  operation.routed(UPSTREAM_CALL.serverId, target);
  const call = operation.upstreamCall({ ...UPSTREAM_CALL, target });
  const opening = call.opening('initialize');
  opening.sent('{"id":0}', '0');
  opening.received('{"id":0,"result":{}}', STILL_MILLIS);
  opening.end(RESULT, '2025-11-25');
  call.sent('{"id":1}', '1');
  call.received('{"id":1,"result":{}}', STILL_MILLIS);
  return {
    operation,
    call,
    end() {
      call.end(RESULT);
      operation.end(RESULT);
      exchange.end(ANSWERED);
    },
  };
}

function namesAndKinds(spans: readonly Pick<SpanRecord, 'name' | 'kind'>[]): readonly string[] {
  return spans.map(({ name, kind }) => `${kind} ${name}`);
}

const SEED = [
  'server POST /servers/{id}/mcp',
  'internal tool.invoke',
  'client mcp.client.call',
  'client mcp.client.initialize',
  'internal mcp.client.request',
  'internal mcp.client.response',
];

const SEMCONV = [
  'server POST /servers/{id}/mcp',
  'server tools/call echo',
  'client tools/call echo',
  'client initialize',
  'internal mcp.client.request',
  'internal mcp.client.response',
];

describe('the naming of spans', () => {
  it('R94: is the conventions’ with `semconv`, on the spans that have their attributes, and changes while it runs', async () => {
    const recording = startRecording();
    beginCall(recording).end();
    expect(namesAndKinds(await recording.spans())).toEqual(SEED);
    recording.set({ spanNaming: 'semconv' });
    beginCall(recording).end();
    expect(namesAndKinds(await recording.spans())).toEqual([...SEED, ...SEMCONV]);
    recording.set({ spanNaming: 'seed' });
    beginCall(recording).end();
    expect(namesAndKinds(await recording.spans())).toEqual([...SEED, ...SEMCONV, ...SEED]);
  });

  it('is that under which a trace began, for all of it', async () => {
    const recording = startRecording();
    const call = beginCall(recording);
    recording.set({ spanNaming: 'semconv' });
    call.operation.upstreamCall({ ...UPSTREAM_CALL, attempt: 2 }).end(RESULT);
    call.end();
    expect(namesAndKinds(await recording.spans())).toEqual([...SEED, 'client mcp.client.call']);
  });

  it('leaves the attributes as they are', async () => {
    const recording = startRecording();
    beginCall(recording).end();
    recording.set({ spanNaming: 'semconv' });
    beginCall(recording).end();
    const spans = await recording.spans();
    const attributes = spans.map((span) => ({ ...span.attributes, correlation_id: null }));
    expect(attributes.slice(6)).toEqual(attributes.slice(0, 6));
  });

  it('names notifications and what the gateway does by itself', async () => {
    const recording = startRecording();
    recording.set({ spanNaming: 'semconv' });
    const exchange = recording.observer.exchange(EXCHANGE);
    exchange
      .operation({ ...TOOL_CALL, method: 'notifications/cancelled', requestIdText: null, target: null })
      .end({ kind: 'accepted' });
    exchange.end({ kind: 'answered', statusCode: 202 });
    recording.observer.upkeep({ serverId: UPSTREAM_CALL.serverId, reason: 'health' }).end(RESULT);
    recording.observer.news({ serverId: UPSTREAM_CALL.serverId, method: 'notifications/message', params: null });
    expect(namesAndKinds(await recording.spans())).toEqual([
      'server POST /servers/{id}/mcp',
      'server notifications/cancelled',
      'internal server.health',
      'server notifications/message',
    ]);
  });

  it('names what a server asks of its client, and what a client’s notification becomes for a server', async () => {
    const recording = startRecording();
    recording.set({ spanNaming: 'semconv' });
    const operation = recording.observer.exchange(EXCHANGE).operation(TOOL_CALL);
    operation.upstreamNotification({ ...UPSTREAM_CALL, method: 'notifications/progress' }).end({ kind: 'accepted' });
    operation
      .question({
        method: 'sampling/createMessage',
        idText: '1',
        meta: null,
        messageText: '{}',
        serverId: null,
        sessionId: null,
        clientName: null,
      })
      .end(RESULT);
    expect(namesAndKinds(await recording.spans()).slice(2)).toEqual([
      'client notifications/progress',
      'client sampling/createMessage',
    ]);
  });
});

describe('recording', () => {
  it('R92: can be switched off and on while the gateway runs; what began before ends properly', async () => {
    const recording = startRecording();
    const before = beginCall(recording);
    recording.set({ isRecording: false });
    const during = beginCall(recording);
    recording.observer.upkeep({ serverId: UPSTREAM_CALL.serverId, reason: 'refresh' }).end(RESULT);
    recording.observer.stream({ ...EXCHANGE, method: 'GET', sessionId: 's', resumedFrom: null }).closed(1);
    before.end();
    recording.set({ isRecording: true });
    during.end();
    const after = beginCall(recording);
    after.end();
    const spans = await recording.spans();
    expect(namesAndKinds(spans)).toEqual([...SEED, ...SEED]);
    expect(spans.every(({ endTime }) => endTime !== null)).toBe(true);
    expect(new Set((await recording.payloads()).map(({ traceId }) => traceId)).size).toBe(2);
  });

  it('R79: costs a look at the setting and a correlation id while it is off: all calls share what records nothing', () => {
    const startSpan = vi.fn<() => never>();
    const payload = vi.fn<() => never>();
    const observer = createTracingObserver({
      tracer: { startSpan, startActiveSpan: startSpan },
      recorder: { payload },
      clock: stillClock(),
      policy: () => OFF,
    });
    const [first, second] = [beginCall({ observer }), beginCall({ observer })];
    first.end();
    second.end();
    expect(first.operation).toBe(second.operation);
    expect(first.call).toBe(second.call);
    expect(startSpan).not.toHaveBeenCalled();
    expect(payload).not.toHaveBeenCalled();
  });

  const OFF = { ...DEFAULT_TRACING_SETTINGS, isRecording: false };
  const [traceId, spanId] = ['1'.repeat(32), '2'.repeat(16)];

  it.each([
    ['from a header', { headers: { traceparent: `00-${traceId}-${spanId}-00`, tracestate: 'v=1' } }],
    ['from `_meta`, before the header', { meta: { traceparent: `cc-${traceId}-${spanId}-00-x`, tracestate: 'v=1' } }],
  ])(
    'R92: while it is off, a caller’s context %s goes on to servers, written anew and with its own flags',
    (_from, sent) => {
      const recording = startRecording();
      recording.set({ isRecording: false });
      const headers = { traceparent: `00-${'3'.repeat(32)}-${spanId}-01` };
      const operation = recording.observer.exchange({ ...EXCHANGE, headers, ...sent }).operation(TOOL_CALL);
      const passedOn = { traceparent: `00-${traceId}-${spanId}-00`, tracestate: 'v=1' };
      expect(operation.traceContext).toEqual(passedOn);
      expect(operation.upstreamCall(UPSTREAM_CALL).traceContext).toEqual(passedOn);
      expect(operation.upstreamCall(UPSTREAM_CALL).opening('initialize').traceContext).toEqual(passedOn);
    },
  );

  it('R92: while it is off, an entry of a batch has its own context, and what is malformed goes nowhere', () => {
    const recording = startRecording();
    recording.set({ isRecording: false });
    const exchange = recording.observer.exchange({ ...EXCHANGE, headers: { traceparent: 'ff-nonsense' } });
    expect(exchange.operation(TOOL_CALL).traceContext).toBeNull();
    const linkedMeta = { traceparent: `00-${traceId}-${spanId}-03` };
    expect(exchange.operation({ ...TOOL_CALL, linkedMeta }).traceContext).toEqual({
      traceparent: `00-${traceId}-${spanId}-03`,
      tracestate: null,
    });
  });

  it('R34: the answer has its correlation id while it is off, too', () => {
    const recording = startRecording();
    recording.set({ isRecording: false });
    const headers = { 'x-correlation-id': 'mine' };
    expect(recording.observer.exchange({ ...EXCHANGE, headers }).correlationId).toBe('mine');
    expect(recording.observer.exchange(EXCHANGE).correlationId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the capture of messages', () => {
  const captured = async (recording: Recording): Promise<readonly string[]> => {
    const names = new Map((await recording.spans()).map(({ spanId, name }) => [spanId, name]));
    return (await recording.payloads()).map(({ spanId, direction }) => `${direction} ${names.get(spanId) ?? '?'}`);
  };

  it('R22: can be chosen by span, for requests and responses apart', async () => {
    const recording = startRecording();
    recording.set({ capture: { requests: ['tool.invoke'], responses: ['mcp.client.call', 'mcp.client.initialize'] } });
    beginCall(recording).end();
    expect(await captured(recording)).toEqual([
      'request tool.invoke',
      'response mcp.client.initialize',
      'response mcp.client.call',
    ]);
  });

  it('R22: can be none at all, or of one direction only', async () => {
    const recording = startRecording();
    recording.set({ capture: { requests: 'none', responses: 'none' } });
    beginCall(recording).end();
    expect(await captured(recording)).toEqual([]);
    recording.set({ capture: { requests: 'none', responses: 'all' } });
    beginCall(recording).end();
    expect(await captured(recording)).toEqual([
      'response mcp.client.initialize',
      'response mcp.client.call',
      'response tool.invoke',
    ]);
  });

  it('R22: goes by the seed’s names whatever spans are called', async () => {
    const recording = startRecording();
    recording.set({ spanNaming: 'semconv', capture: { requests: ['tool.invoke'], responses: ['mcp.client.call'] } });
    beginCall(recording).end();
    expect(await captured(recording)).toEqual(['request tools/call echo', 'response tools/call echo']);
  });
});

describe('who sent a request', () => {
  const PEER = { remoteAddress: '192.0.2.7', remotePort: 50_123 };

  it('R23: is on the root when that is wanted, and looked at only then', async () => {
    const recording = startRecording();
    const peer = {
      get remoteAddress(): string {
        throw new Error('The address was looked at.');
      },
    };
    recording.observer.exchange({ ...EXCHANGE, peer }).end(ANSWERED);
    recording.observer.stream({ ...EXCHANGE, peer, sessionId: 's', resumedFrom: null }).closed(0);
    recording.set({ capturesIdentity: true });
    const exchange = recording.observer.exchange({ ...EXCHANGE, peer: PEER });
    exchange.operation(TOOL_CALL).end(RESULT);
    exchange.end(ANSWERED);
    const spans = await recording.spans();
    const found = spans.map(({ attributes }) => [attributes['client.address'], attributes['client.port']]);
    const nobody = [undefined, undefined];
    expect(found).toEqual([nobody, nobody, nobody, ['192.0.2.7', 50_123], nobody]);
  });
});
