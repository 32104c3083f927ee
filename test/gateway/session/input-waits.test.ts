import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseFrame, type RequestFrame } from '../../../src/gateway/frame/frame.ts';
import type { OperationObservation } from '../../../src/gateway/observer.ts';
import { InputWaits } from '../../../src/gateway/session/input-waits.ts';
import { silentOperation, silentQuestion } from '../../support/silent-observer.ts';

interface Waiting {
  readonly methods: readonly string[];
  how: 'answered' | 'cancelled' | null;
}

interface Recorded {
  readonly operation: OperationObservation;
  readonly waits: readonly Waiting[];
}

function recordedOperation(): Recorded {
  const waits: Waiting[] = [];
  const operation: OperationObservation = {
    ...silentOperation(),
    waits(methods) {
      const waiting: Waiting = { methods, how: null };
      waits.push(waiting);
      return {
        question: silentQuestion,
        end(how) {
          waiting.how ??= how;
        },
      };
    },
  };
  return { operation, waits };
}

function call(params: object): RequestFrame {
  const parsed = parseFrame(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('not a request');
  return parsed.value;
}

const FORM = { method: 'elicitation/create', params: { message: 'who?' } };

function asking(requestState?: string): string {
  const inputRequests = { a: FORM, b: { method: 'roots/list' }, c: FORM };
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { resultType: 'input_required', inputRequests, requestState },
  });
}

describe('what clients of the stateless era are waited for', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is named once each, and over when the same request comes again with the state', () => {
    const waits = new InputWaits();
    const { operation, waits: seen } = recordedOperation();
    waits.answered(call({ name: 'a', arguments: { n: 1 } }), asking('state'), operation);
    expect(seen).toEqual([{ methods: ['elicitation/create', 'roots/list'], how: null }]);
    const again = call({ name: 'a', arguments: { n: 1 }, requestState: 'state', inputResponses: {} });
    expect(waits.contextOf(again)).toBe(operation.traceContext);
    expect(waits.resumed(again)).toBe(operation);
    expect(seen[0]?.how).toBe('answered');
    expect(waits.contextOf(again)).toBeNull();
    expect(waits.resumed(again)).toBeNull();
    waits.stop();
  });

  it.each([
    ['another tool', { name: 'b', requestState: 'state' }],
    ['other arguments', { name: 'a', arguments: { n: 2 }, requestState: 'state' }],
    ['another state', { name: 'a', requestState: 'other' }],
    ['no state', { name: 'a', inputResponses: {} }],
    ['a call that brings nothing', { name: 'a' }],
  ])('goes on for %s', (_what, params) => {
    const waits = new InputWaits();
    const { operation, waits: seen } = recordedOperation();
    waits.answered(call({ name: 'a' }), asking('state'), operation);
    expect(waits.contextOf(call(params))).toBeNull();
    expect(waits.resumed(call(params))).toBeNull();
    expect(seen[0]?.how).toBeNull();
    waits.stop();
  });

  it('may come without any state', () => {
    const waits = new InputWaits();
    const { operation } = recordedOperation();
    waits.answered(call({ name: 'a' }), asking(), operation);
    expect(waits.resumed(call({ name: 'a', inputResponses: { a: {} } }))).toBe(operation);
  });

  it('is nothing where an answer asks for nothing', () => {
    const waits = new InputWaits();
    const { operation, waits: seen } = recordedOperation();
    const quoting = { content: [{ type: 'text', text: '"input_required"' }], note: 'input_required' };
    waits.answered(call({ name: 'a' }), JSON.stringify({ jsonrpc: '2.0', id: 1, result: quoting }), operation);
    waits.answered(call({ name: 'a' }), '"input_required" that is no message', operation);
    expect(seen).toEqual([]);
  });

  it('is given up after a while, and when the gateway stops', () => {
    const waits = new InputWaits({ patienceMillis: 1_000 });
    const [late, last] = [recordedOperation(), recordedOperation()];
    waits.answered(call({ name: 'a' }), asking('late'), late.operation);
    vi.advanceTimersByTime(999);
    expect(late.waits[0]?.how).toBeNull();
    vi.advanceTimersByTime(1);
    expect(late.waits[0]?.how).toBe('cancelled');
    waits.answered(call({ name: 'a' }), asking('last'), last.operation);
    waits.stop();
    expect(last.waits[0]?.how).toBe('cancelled');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up for the oldest of too many', () => {
    const waits = new InputWaits();
    const operations = Array.from({ length: 257 }, (_, index) => {
      const recorded = recordedOperation();
      waits.answered(call({ name: 'a' }), asking(`state ${index}`), recorded.operation);
      return recorded;
    });
    const given = operations.filter((recorded) => recorded.waits[0]?.how === 'cancelled');
    expect(given).toEqual([operations[0]]);
    waits.stop();
  });
});
