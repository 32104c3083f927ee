import { describe, expect, it } from 'vitest';
import { UpstreamFailure } from '../../src/gateway/failure.ts';
import type { CallOutcome } from '../../src/gateway/observer.ts';
import { outcomeOfFailure } from '../../src/gateway/upstream/outcome.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { EXCHANGE, RESULT, startRecording, TOOL_CALL, UPSTREAM_CALL, type Recording } from './recorded.ts';

const SECRET = 'exception-secret-5173';

function refused(): UpstreamFailure {
  const cause = Object.assign(new Error(`connect ECONNREFUSED with password=${SECRET}`), { code: 'ECONNREFUSED' });
  return new UpstreamFailure('connection_refused', `Nothing answers at one: password=${SECRET}.`, { cause });
}

function outcomeOf(thrown: unknown): CallOutcome {
  return outcomeOfFailure(thrown, (text) => text, null);
}

function begin({ observer }: Recording) {
  const exchange = observer.exchange(EXCHANGE);
  const operation = exchange.operation(TOOL_CALL);
  return {
    operation,
    call: operation.upstreamCall(UPSTREAM_CALL),
    end(outcome: CallOutcome) {
      operation.end(outcome);
      exchange.end({ kind: 'answered', statusCode: 200, answer: outcome });
    },
  };
}

function told(spans: readonly RedactedSpan[]): readonly (readonly [string, unknown, unknown])[] {
  return spans.flatMap(({ name, events }) =>
    events.map((event) => {
      expect(event.name).toBe('exception');
      expect(Object.keys(event.attributes).sort()).toEqual(['exception.message', 'exception.type']);
      return [name, event.attributes['exception.type'], event.attributes['exception.message']] as const;
    }),
  );
}

const HIDDEN = 'connect ECONNREFUSED with password=•••';

describe('what was thrown', () => {
  it('R3: is one event, on the call where it arose, without secret or stack; the spans above have the status', async () => {
    const recording = startRecording();
    const { call, end } = begin(recording);
    const failure = refused();
    call.end(outcomeOf(failure));
    end(outcomeOf(failure));
    const spans = await recording.spans();
    expect(told(spans)).toEqual([['mcp.client.call', 'ECONNREFUSED', HIDDEN]]);
    for (const span of spans) {
      expect(span.status).toEqual({ code: 'error', message: 'Nothing answers at one: password=•••' });
      expect(span.attributes['error.type']).toBe('connection_refused');
      expect(JSON.stringify(span, (_, value: unknown) => String(value))).not.toContain(SECRET);
    }
    const whole = JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(whole).not.toContain(SECRET);
    expect(whole).not.toContain('exception.test.ts');
  });

  it('R3: is on the handshake when that failed, and not on its call as well', async () => {
    const recording = startRecording();
    const { call, end } = begin(recording);
    const failure = refused();
    call.opening('initialize').end(outcomeOf(failure), null);
    const wrapped = new UpstreamFailure('connection_refused', 'It prints on stdout.', { cause: failure });
    call.end(outcomeOf(wrapped));
    end(outcomeOf(wrapped));
    expect(told(await recording.spans())).toEqual([['mcp.client.initialize', 'ECONNREFUSED', HIDDEN]]);
  });

  it('R3: is on each attempt that failed in its own way', async () => {
    const recording = startRecording();
    const { operation, call, end } = begin(recording);
    call.end(outcomeOf(new UpstreamFailure('not_found', 'It no longer knows this session.')));
    const second = operation.upstreamCall({ ...UPSTREAM_CALL, attempt: 2 });
    second.end(outcomeOf(refused()));
    end(outcomeOf(refused()));
    expect(told(await recording.spans())).toEqual([
      ['mcp.client.call', 'UpstreamFailure', 'It no longer knows this session.'],
      ['mcp.client.call', 'ECONNREFUSED', HIDDEN],
    ]);
  });

  it('R3 R103: is on the operation when the gateway itself failed, with what its caller is not told', async () => {
    const recording = startRecording();
    const { call, end } = begin(recording);
    call.end(RESULT);
    const outcome = outcomeOf(new TypeError(`token=${SECRET} is not iterable`));
    end(outcome);
    expect(outcome).toMatchObject({ category: 'unknown', message: 'The gateway failed while it handled this call.' });
    expect(told(await recording.spans())).toEqual([['tool.invoke', 'TypeError', expect.stringMatching(/^token=•••/)]]);
  });

  it('R3: is on the root when handling failed outside of any operation', async () => {
    const recording = startRecording();
    const answer = { kind: 'failed', category: 'unknown', message: 'It failed.', messageText: null } as const;
    recording.observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200, answer });
    expect(told(await recording.spans())).toEqual([['POST /servers/{id}/mcp', 'Error', 'It failed.']]);
  });

  it.each<CallOutcome>([
    { ...RESULT, isToolError: true, toolErrorText: 'no' },
    { kind: 'error', code: -32603, message: 'no', messageText: null },
    { kind: 'cancelled' },
  ])('is nothing where a server answered or the caller left: $kind', async (outcome) => {
    const recording = startRecording();
    const { call, end } = begin(recording);
    call.end(outcome);
    end(outcome);
    expect(told(await recording.spans())).toEqual([]);
  });
});
