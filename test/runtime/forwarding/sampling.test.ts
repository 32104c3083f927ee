import { describe, expect, it } from 'vitest';
import { callerSampled, readSampler, samplerOf } from '../../../src/runtime/forwarding/sampling.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';

const TRACE = traceIdOf(1);

function rootThatSays(sampled: boolean | null) {
  return makeSpan({ attributes: sampled === null ? {} : { 'throughline.caller.sampled': sampled } });
}

/** Of traces with ids that are spread evenly, how many leave. */
function shareOf(name: string, argument?: string): number {
  const { sampler } = readSampler(name, argument);
  const ids = Array.from({ length: 1_000 }, (_none, index) => traceIdOf(index * 4_294_967 + 1));
  return ids.filter((traceId) => sampler(traceId, null)).length / ids.length;
}

describe('the sampling decision', () => {
  it('R91: is the caller’s where there is one, and otherwise to send', () => {
    const sampler = samplerOf('caller');
    expect([true, false, null].map((sampled) => sampler(TRACE, sampled))).toEqual([true, false, true]);
  });

  it('R91: sends everything where that is asked for', () => {
    const sampler = samplerOf('all');
    expect([true, false, null].map((sampled) => sampler(TRACE, sampled))).toEqual([true, true, true]);
  });

  it('R91: is read off the roots of requests; of several callers one that keeps its trace is enough', () => {
    expect(callerSampled([rootThatSays(null), makeSpan({ spanId: spanIdOf(2) })])).toBeNull();
    expect(callerSampled([rootThatSays(false), rootThatSays(null)])).toBe(false);
    expect(callerSampled([rootThatSays(false), rootThatSays(true)])).toBe(true);
    const origin = { resource: {}, scopeName: 'throughline', scopeVersion: null };
    const calledBySomebody = makeSpan({ parentIsRemote: true, origin });
    expect(callerSampled([calledBySomebody])).toBe(true);
    expect(callerSampled([rootThatSays(false), calledBySomebody])).toBe(true);
    // A server's own span says nothing of who called the gateway.
    expect(callerSampled([rootThatSays(false), makeSpan({ parentIsRemote: true })])).toBe(false);
  });

  it.each([
    ['always_on', [true, true, true]],
    ['always_off', [false, false, false]],
    ['parentbased_always_on', [true, false, true]],
    ['parentbased_always_off', [true, false, false]],
    [undefined, [true, false, true]],
    ['', [true, false, true]],
  ] as const)('R91: OTEL_TRACES_SAMPLER=%s is followed', (name, expected) => {
    const { sampler, notice } = readSampler(name, undefined);
    expect([true, false, null].map((sampled) => sampler(TRACE, sampled))).toEqual(expected);
    expect(notice).toBeNull();
  });

  it('R91: sends a share of the traces by their ids, the same ones each time', () => {
    expect(shareOf('traceidratio', '0')).toBe(0);
    expect(shareOf('traceidratio', '1')).toBe(1);
    expect(shareOf('traceidratio')).toBe(1);
    const some = shareOf('traceidratio', '0.25');
    expect(some).toBeGreaterThan(0.1);
    expect(some).toBeLessThan(0.4);
    expect(shareOf('parentbased_traceidratio', '0.25')).toBe(some);
    expect(readSampler('parentbased_traceidratio', '0').sampler(TRACE, true)).toBe(true);
  });

  it.each([
    ['jaeger_remote', undefined],
    ['traceidratio', '2'],
    ['traceidratio', 'half'],
  ])('says that %s %s is not followed, and sends', (name, argument) => {
    const { sampler, notice } = readSampler(name, argument);
    expect(notice).toMatch(/OTEL_TRACES_SAMPLER/);
    expect(sampler(TRACE, null)).toBe(true);
  });
});
