import { describe, expect, it } from 'vitest';
import type { UpstreamCallObservation } from '../../src/gateway/observer.ts';
import { millisToUnixNano, type ServerId } from '../../src/shared/domain/ids.ts';
import { EXCHANGE, startRecording, stillClock, STILL_MILLIS, type Recording } from './recorded.ts';

const CALL = {
  serverId: 'one' as ServerId,
  method: 'tools/call',
  target: 'echo',
  transport: 'stdio',
  address: null,
  attempt: 1,
} as const;

function startCall({ observer }: Recording): UpstreamCallObservation {
  const operation = observer.exchange(EXCHANGE).operation({
    method: 'tools/call',
    requestIdText: '7',
    params: { name: 'echo', arguments: { a: 1, b: 2 } },
    messageText: '{"jsonrpc":"2.0","id":7}',
    target: 'echo',
    serverId: CALL.serverId,
    sessionId: 's'.repeat(32),
    protocolVersion: '2025-11-25',
    clientName: 'test',
    linkedMeta: null,
  });
  return operation.upstreamCall(CALL);
}

async function callSpan(recording: Recording) {
  const span = (await recording.spans()).find(({ name }) => name === 'mcp.client.call');
  if (span === undefined) throw new Error('There is no mcp.client.call');
  return span;
}

describe('what a server prints during a call', () => {
  it('becomes events of the call: the line, where it came from and when', async () => {
    const clock = stillClock();
    const recording = startRecording(clock);
    const call = startCall(recording);
    call.printed('loading the model', 'stderr', STILL_MILLIS + 5);
    call.printed('not JSON', 'stdout', STILL_MILLIS + 6);
    call.end({ kind: 'result', isToolError: false, messageText: null });
    expect((await callSpan(recording)).events).toEqual([
      {
        name: 'server.log',
        time: millisToUnixNano(STILL_MILLIS + 5),
        attributes: { 'log.iostream': 'stderr', 'log.record.original': 'loading the model' },
      },
      {
        name: 'server.log',
        time: millisToUnixNano(STILL_MILLIS + 6),
        attributes: { 'log.iostream': 'stdout', 'log.record.original': 'not JSON' },
      },
    ]);
  });

  it('R18: passes redaction: a secret in a line is hidden, and where it stood is a finding', async () => {
    const recording = startRecording();
    const call = startCall(recording);
    call.printed('connecting with \u001b[31mpassword=hunter2-hunter2\u001b[0m', 'stderr', STILL_MILLIS);
    call.end({ kind: 'cancelled' });
    const span = await callSpan(recording);
    expect(span.events[0]?.attributes['log.record.original']).toBe('connecting with password=•••');
    expect(span.findings).toMatchObject([
      { path: '/events/0/attributes/log.record.original', rule: 'label', kind: 'password', start: 25, end: 28 },
    ]);
    expect(JSON.stringify([span.events, span.findings], (_, value: unknown) => String(value))).not.toContain('hunter2');
  });

  it('is bounded: a chatty server cannot fill the trace, and what was left out is counted', async () => {
    const recording = startRecording();
    const call = startCall(recording);
    for (let line = 1; line <= 70; line += 1) call.printed(`line ${line}`, 'stderr', STILL_MILLIS);
    call.end({ kind: 'result', isToolError: false, messageText: null });
    const span = await callSpan(recording);
    expect(span.events).toHaveLength(64);
    expect(span.events.at(-1)?.attributes['log.record.original']).toBe('line 64');
    expect(span.attributes['throughline.log.dropped']).toBe(6);
    expect(span.dropped).toEqual({ attributes: 0, events: 0, links: 0 });
  });

  it('is not looked at when the call has ended', async () => {
    const recording = startRecording();
    const call = startCall(recording);
    call.end({ kind: 'result', isToolError: false, messageText: null });
    call.printed('too late', 'stderr', STILL_MILLIS);
    expect((await callSpan(recording)).events).toEqual([]);
  });

  it('belongs to the handshake while that lasts', async () => {
    const recording = startRecording();
    const handshake = startCall(recording).opening('initialize');
    handshake.printed('hello', 'stderr', STILL_MILLIS);
    handshake.end({ kind: 'result', isToolError: false, messageText: null }, '2025-11-25');
    const span = (await recording.spans()).find(({ name }) => name === 'mcp.client.initialize');
    expect(span?.events).toMatchObject([{ name: 'server.log' }]);
  });
});

describe('a call to a server', () => {
  it('R58: sends its own context, and has the attributes of its side only', async () => {
    const recording = startRecording();
    const call = startCall(recording);
    call.sessionReused(true);
    call.sent('{"id":1}', '1');
    call.received('{"id":1,"result":{}}', STILL_MILLIS);
    call.end({ kind: 'result', isToolError: false, messageText: null });
    const span = await callSpan(recording);
    expect(call.traceContext).toEqual({ traceparent: `00-${span.traceId}-${span.spanId}-01`, tracestate: null });
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'mcp.tool.name': 'echo',
      'throughline.server.id': 'one',
      'network.transport': 'pipe',
      'throughline.transport': 'stdio',
      'session.reused': true,
      'jsonrpc.request.id': '1',
      'upstream.response.success': true,
    });
    expect((await recording.payloads()).filter(({ spanId }) => spanId === span.spanId)).toMatchObject([
      { direction: 'request', text: '{"id":1}' },
      { direction: 'response', text: '{"id":1,"result":{}}' },
    ]);
  });
});
