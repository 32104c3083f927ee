import { describe, expect, it } from 'vitest';
import { parseFrame } from '../../../src/gateway/frame/frame.ts';
import type { PlannedCall } from '../../../src/gateway/plan/call-planner.ts';
import { planAnswer } from '../../../src/runtime/plan/plan-answer.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { HttpServerConfig } from '../../../src/shared/domain/server.ts';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const TRACEPARENT = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const MESSAGE = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":1.0},"_meta":{"keep":"me","traceparent":"${TRACEPARENT}"}}}`;

const CONFIG: HttpServerConfig = {
  type: 'http',
  url: 'https://user:pass@api.example:8443/s3cret-path/mcp?api_key=k-1234567890&api_key=2&v=3',
  headers: { Authorization: 'Bearer abcdefghijkl', 'X-Region': 'north', TraceParent: 'pinned' },
};

function planned(change: Partial<PlannedCall> = {}, requestTimeoutMillis = 0): PlannedCall {
  const parsed = parseFrame(MESSAGE);
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('no request');
  return {
    server: { id: 'calc' as ServerId, settings: { requestTimeoutMillis } } as PlannedCall['server'],
    tool: 'add',
    request: parsed.value,
    headers: { 'mcp-protocol-version': '2025-11-25', baggage: 'tenant=acme' },
    protocolVersion: '2025-11-25',
    traceContext: { traceparent: TRACEPARENT, tracestate: 'v=1' },
    sendsTraceContext: true,
    ...change,
  };
}

function answer(plan: PlannedCall, withSecrets: boolean): Record<string, unknown> {
  const sanitize = (text: string): string => text.replace('s3cret-path', '•••');
  return JSON.parse(planAnswer(plan, CONFIG, { withSecrets, sanitize, now: () => NOW })) as Record<string, unknown>;
}

describe('a plan', () => {
  it('R25: names the secrets that whoever makes the call has to add, and holds none of them', () => {
    const plan = answer(planned(), false);
    expect(plan).toMatchObject({
      url: 'https://api.example:8443/•••/mcp',
      needs: [
        { in: 'header', name: 'authorization' },
        { in: 'userinfo', name: null },
        { in: 'query', name: 'api_key' },
        { in: 'query', name: 'v' },
        { in: 'path', name: null },
      ],
    });
    expect(JSON.stringify(plan)).not.toMatch(/abcdefghijkl|pass|k-1234567890|s3cret/);
  });

  it('holds them where the config file says so', () => {
    const plan = answer(planned(), true);
    expect(plan).toMatchObject({ url: CONFIG.url, needs: [], headers: { authorization: 'Bearer abcdefghijkl' } });
  });

  it('has the headers of the call: what every request has, the trace context, and what was configured', () => {
    expect(answer(planned(), false)['headers']).toEqual({
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-11-25',
      baggage: 'tenant=acme',
      traceparent: TRACEPARENT,
      tracestate: 'v=1',
      'x-region': 'north',
    });
  });

  it('has the message byte by byte, and what of it is _meta', () => {
    const text = planAnswer(planned(), CONFIG, { withSecrets: false, sanitize: (raw) => raw, now: () => NOW });
    expect(text).toContain(`"message":${MESSAGE},"_meta":{"keep":"me","traceparent":"${TRACEPARENT}"}`);
  });

  it('says how long the call may take, until when the plan holds, and where the call belongs', () => {
    const facts = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), expiresAt: '2026-01-02T03:05:05.000Z' };
    const server = { server: 'calc', tool: 'add', transport: 'http', era: 'legacy' };
    expect(answer(planned(), false)).toMatchObject({ ...server, ...facts, timeoutMs: null });
    expect(answer(planned({}, 5_000), false)).toMatchObject({ timeoutMs: 5_000 });
    const unknown = { protocolVersion: null, traceContext: null };
    const empty = { protocolVersion: null, era: null, traceId: null, spanId: null };
    expect(answer(planned(unknown), false)).toMatchObject(empty);
  });

  it('R68: has no trace headers for a server that is to get none, and says all the same where the call belongs', () => {
    const { headers, traceId } = answer(planned({ sendsTraceContext: false }), false);
    expect(headers).not.toHaveProperty('traceparent');
    expect(traceId).toBe('1'.repeat(32));
  });
});
