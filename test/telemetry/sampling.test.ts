import { describe, expect, it } from 'vitest';
import { EXCHANGE, RESULT, startRecording, TOOL_CALL, UPSTREAM_CALL } from './recorded.ts';

const KEY = 'throughline.caller.sampled';

function contextWith(flags: string): string {
  return `00-${'1'.repeat(32)}-${'2'.repeat(16)}-${flags}`;
}

describe('the caller’s sampling flag', () => {
  it.each([
    ['00', false],
    ['02', false],
    ['fe', false],
    ['01', undefined],
    ['03', undefined],
    ['ff', undefined],
  ])('R91: %s, bit by bit, is on the root when it says that the trace is not sampled', async (flags, expected) => {
    const { observer, spans } = startRecording();
    observer.exchange({ ...EXCHANGE, headers: { traceparent: contextWith(flags) } });
    observer.exchange({ ...EXCHANGE, meta: { traceparent: contextWith(flags) } });
    const stream = { ...EXCHANGE, headers: { traceparent: contextWith(flags) }, sessionId: 's', resumedFrom: null };
    observer.stream(stream);
    expect((await spans()).map(({ attributes }) => attributes[KEY])).toEqual([expected, expected, expected]);
  });

  it('R91: is that of the parent where two contexts came', async () => {
    const { observer, spans } = startRecording();
    const meta = { traceparent: contextWith('01') };
    observer.exchange({ ...EXCHANGE, meta, headers: { traceparent: `00-${'3'.repeat(32)}-${'4'.repeat(16)}-00` } });
    expect((await spans())[0]?.attributes).not.toHaveProperty(KEY);
  });

  it('R91: changes nothing of what is recorded, is on no span below, and what goes to servers is sampled', async () => {
    const { observer, spans } = startRecording();
    const exchange = observer.exchange({ ...EXCHANGE, headers: { traceparent: contextWith('00') } });
    const operation = exchange.operation(TOOL_CALL);
    const call = operation.upstreamCall(UPSTREAM_CALL);
    expect(call.traceContext?.traceparent).toMatch(/^00-1{32}-[0-9a-f]{16}-01$/);
    call.end(RESULT);
    operation.end(RESULT);
    exchange.end({ kind: 'answered', statusCode: 200 });
    const recorded = await spans();
    expect(recorded.map(({ attributes }) => attributes[KEY])).toEqual([false, undefined, undefined]);
  });

  it('R91: says nothing where no caller did', async () => {
    const { observer, spans } = startRecording();
    observer.exchange(EXCHANGE);
    observer.exchange({ ...EXCHANGE, headers: { traceparent: 'malformed-00' } });
    for (const { attributes } of await spans()) expect(attributes).not.toHaveProperty(KEY);
  });

  it('R91: is said once of an operation that a later message goes on with, which has no other caller', async () => {
    const { observer, spans } = startRecording();
    const operation = observer
      .exchange({ ...EXCHANGE, headers: { traceparent: contextWith('00') } })
      .operation(TOOL_CALL);
    observer.exchange({ ...EXCHANGE, continues: operation.traceContext });
    const [first, begun, second] = await spans();
    expect([first, second].map((root) => root?.attributes[KEY])).toEqual([false, undefined]);
    expect([first, second].map((root) => root?.parentIsRemote)).toEqual([true, false]);
    expect(second).toMatchObject({ traceId: first?.traceId, parentSpanId: begun?.spanId });
  });
});
