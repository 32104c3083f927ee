import { describe, expect, it } from 'vitest';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

const HASH = '00112233445566ff';

function finding(hash: string, path = '/attributes/x'): Finding {
  return { path, start: 0, end: 3, rule: 'key-name', kind: 'token', length: '17-32', hash };
}

/** A call in which the secret is met on the span, in its request and in its answer, and on a later span of a server. */
function followed(trace: number) {
  const traceId = traceIdOf(trace);
  const begin = unixNano(1_764_000_000_000_000_000n + BigInt(trace) * 1_000_000_000n);
  return {
    spans: [
      makeSpan({ traceId, startTime: begin, findings: [finding(HASH), finding(HASH, '/attributes/y')] }),
      makeSpan({
        traceId,
        spanId: spanIdOf(2),
        parentSpanId: spanIdOf(1),
        startTime: unixNano(begin + 5n),
        name: 'mcp.client.call',
        attributes: { 'throughline.server.id': 'github' },
        findings: [finding('ffffffffffffffff'), finding(HASH)],
      }),
      makeSpan({ traceId, spanId: spanIdOf(3), parentSpanId: spanIdOf(1), attributes: { note: `"hash":"${HASH}"` } }),
    ],
    payloads: [
      makePayload({ traceId, findings: [finding(HASH, '/token')] }),
      makePayload({ traceId, direction: 'response', findings: [finding('ffffffffffffffff', '/token')] }),
    ],
  };
}

describe('the trail of a secret', () => {
  it('R101: leads through the spans and bodies in which it was hidden, oldest first, each once', async () => {
    const store = await openStore();
    store.put(followed(2));
    store.put(followed(1));
    const trail = await store.trail(HASH);
    const steps = [1, 2].flatMap((trace) => [
      { traceId: traceIdOf(trace), spanId: spanIdOf(1), direction: 'request', spanName: 'POST /mcp', serverId: null },
      { traceId: traceIdOf(trace), spanId: spanIdOf(1), direction: null, finding: finding(HASH) },
      { traceId: traceIdOf(trace), spanId: spanIdOf(2), spanName: 'mcp.client.call', serverId: 'github' },
    ]);
    expect(trail).toMatchObject(steps);
    expect(trail).toHaveLength(steps.length);
    expect(await store.trail('0000000000000000')).toEqual([]);
  });

  it('is forgotten with its traces', async () => {
    const store = await openStore({ budgetBytes: 6_000 });
    store.put(followed(1));
    await store.flush();
    for (let trace = 2; trace < 12; trace += 1) {
      store.put({
        spans: [makeSpan({ traceId: traceIdOf(trace), attributes: { padding: 'x'.repeat(2_000) } })],
        payloads: [],
      });
      await store.flush();
    }
    expect(await store.trace(traceIdOf(1))).toBeNull();
    expect(await store.trail(HASH)).toEqual([]);
    store.put(followed(20));
    expect(await store.trail(HASH)).not.toEqual([]);
    await store.clear();
    expect(await store.trail(HASH)).toEqual([]);
  });

  it('follows a span that is recorded anew', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ endTime: null })], payloads: [] });
    await store.flush();
    store.put({ spans: [makeSpan({ findings: [finding(HASH)] })], payloads: [] });
    expect(await store.trail(HASH)).toHaveLength(1);
    store.put({ spans: [makeSpan()], payloads: [] });
    expect(await store.trail(HASH)).toEqual([]);
  });
});
