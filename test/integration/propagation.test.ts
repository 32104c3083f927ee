import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { spanNamed } from '../support/otlp.ts';
import { answerText, openRawSession, type Json, type RawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

interface Echo {
  readonly meta: Readonly<Record<string, unknown>>;
}

function echoOf(answer: Json): Echo {
  return JSON.parse(answerText(answer)) as Echo;
}

/** The trace and span id of a traceparent. */
function idsOf(traceparent: unknown): { traceId: string; spanId: string } {
  const [, traceId = '', spanId = ''] = String(traceparent).split('-');
  return { traceId, spanId };
}

describe('trace context', () => {
  let http: HttpWorkbench;
  let gateway: GatewayProcess;
  let local: RawSession;
  let remote: RawSession;

  beforeAll(async () => {
    http = await startHttpWorkbench();
    // A user may have pinned trace headers to a server: they must not reach it beside, or instead of, ours.
    const headers = { TraceParent: newCallerContext().traceparent, 'X-Own': 'kept' };
    gateway = await startGateway({
      config: { mcpServers: { local: workbenchStdio(), remote: { type: 'http', url: http.url, headers } } },
    });
  });

  beforeEach(async () => {
    local = await openRawSession(gateway, '/servers/local/mcp');
    remote = await openRawSession(gateway, '/servers/remote/mcp');
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  it('R58: goes upstream as that of the call\u2019s own client span, on each of two calls of one session', async () => {
    const seen = new Set<string>();
    for (const session of [local, remote]) {
      for (const caller of [newCallerContext(), newCallerContext()]) {
        const { meta } = echoOf(await session.callTool('echo_meta', {}, { traceparent: caller.traceparent }));
        const { traceId, spanId } = idsOf(meta['traceparent']);
        expect(traceId).toBe(caller.traceId);
        expect(spanId).toBe(spanNamed(await gateway.finishedSpans(traceId), 'mcp.client.call').spanId);
        seen.add(spanId);
      }
    }
    expect(seen.size).toBe(4);
  });

  it('R59 R60: is the same in the header and the message of one HTTP request, and new in each request', async () => {
    await remote.callTool('echo_text', { text: '1' });
    await remote.callTool('echo_text', { text: '2' });
    const requests = http.requestsOf('tools/call').slice(-2);
    const inHeaders = requests.map(({ headers }) => headers['traceparent']);
    const inMessages = requests.map(({ body }) => (body?.['params'] as { _meta: Json })._meta['traceparent']);
    expect(inHeaders).toEqual(inMessages);
    expect(new Set(inHeaders).size).toBe(2);
  });

  it('R59 R61: replaces a trace header pinned in the server\u2019s configuration and leaves the other headers', async () => {
    await remote.callTool('echo_text', { text: 'x' });
    const request = http.requestsOf('tools/call').at(-1);
    const names = (request?.rawHeaders ?? []).filter((_value, index) => index % 2 === 0);
    expect(names.filter((name) => name.toLowerCase() === 'traceparent')).toHaveLength(1);
    expect(request?.headers['x-own']).toBe('kept');
  });

  it('R60: keeps every other key of the caller\u2019s _meta', async () => {
    const meta = { progressToken: 'p-1', 'com.example/ticket': { id: 7, tags: ['a', null] }, tracestate: 'v=1' };
    const echo = echoOf(await local.callTool('echo_meta', {}, meta));
    expect(echo.meta['com.example/ticket']).toEqual({ id: 7, tags: ['a', null] });
    expect(echo.meta).toHaveProperty('progressToken');
  });

  it('R61: replaces the caller\u2019s traceparent whatever its letters\u2019 case, and never forwards it', async () => {
    const caller = newCallerContext();
    const stray = newCallerContext();
    const meta = { traceparent: caller.traceparent, TraceParent: stray.traceparent, TRACESTATE: 'stray=1' };
    const echo = echoOf(await local.callTool('echo_meta', {}, meta));
    const keys = Object.keys(echo.meta).filter((key) => key.toLowerCase() === 'traceparent');
    expect(keys).toEqual(['traceparent']);
    expect(idsOf(echo.meta['traceparent']).spanId).not.toBe(caller.spanId);
    expect(JSON.stringify(echo.meta)).not.toContain(stray.traceId);
    expect(Object.keys(echo.meta)).not.toContain('TRACESTATE');
  });

  it('R33: of the header is the parent when the message has none, with its tracestate', async () => {
    const caller = newCallerContext();
    const headers = { traceparent: caller.traceparent, tracestate: 'vendor=abc,other=1' };
    const echo = echoOf(await local.callTool('echo_meta', {}, undefined, { headers }));
    const spans = await gateway.finishedSpans(caller.traceId);
    expect(spanNamed(spans, 'POST /servers/{id}/mcp').parentSpanId).toBe(caller.spanId);
    expect(idsOf(echo.meta['traceparent']).traceId).toBe(caller.traceId);
    expect(echo.meta['tracestate']).toBe('vendor=abc,other=1');
  });

  it('R62: of the message is the parent before the header\u2019s, which is linked when it differs', async () => {
    const inMeta = newCallerContext();
    const inHeader = newCallerContext();
    const call = (header: string): Promise<Json> =>
      local.callTool(
        'echo_text',
        { text: 'x' },
        { traceparent: inMeta.traceparent },
        { headers: { traceparent: header } },
      );
    await call(inHeader.traceparent);
    const root = spanNamed(await gateway.finishedSpans(inMeta.traceId), 'POST /servers/{id}/mcp');
    expect(root.parentSpanId).toBe(inMeta.spanId);
    expect(root.links).toEqual([{ traceId: inHeader.traceId, spanId: inHeader.spanId }]);
  });

  it('R62: is not linked when header and message agree', async () => {
    const { traceId, traceparent } = newCallerContext();
    await local.callTool('echo_text', { text: 'x' }, { traceparent }, { headers: { traceparent } });
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root.links).toEqual([]);
  });

  const trace = 'a'.repeat(32);
  const span = 'b'.repeat(16);
  it.each([
    ['all-zero trace id', `00-${'0'.repeat(32)}-${span}-01`],
    ['all-zero span id', `00-${trace}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${trace}-${span}-01`],
    ['version 00 with a fifth field', `00-${trace}-${span}-01-more`],
    ['upper-case hex', `00-${trace.toUpperCase()}-${span}-01`],
    ['short trace id', `00-${trace.slice(1)}-${span}-01`],
    ['words', 'not a traceparent'],
    ['ten thousand characters', `00-${trace}-${span}-01-${'x'.repeat(10_000)}`],
    ['two values', `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
  ])('R33: that is malformed (%s) counts as absent and harms nothing', async (_what, traceparent) => {
    for (const [meta, headers] of [
      [{ traceparent }, {}],
      [undefined, { traceparent }],
    ] as const) {
      const echo = echoOf(await local.callTool('echo_meta', {}, meta, { headers }));
      const { traceId } = idsOf(echo.meta['traceparent']);
      expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(traceId).not.toBe(trace);
      const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
      expect(root.parentSpanId).toBeNull();
    }
  });

  it.each([
    ['a number', 42],
    ['null', null],
    ['an object', { traceparent: 'x' }],
  ])('R33: that is %s in a message counts as absent', async (_what, traceparent) => {
    const echo = echoOf(await local.callTool('echo_meta', {}, { traceparent }));
    const { traceId } = idsOf(echo.meta['traceparent']);
    expect(spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp').parentSpanId).toBeNull();
  });

  it('R33: of a future version is accepted, and flags are read bit by bit', async () => {
    for (const suffix of ['03', '01-what-comes-later']) {
      const { traceId, spanId } = newCallerContext();
      const traceparent = `${suffix === '03' ? '00' : 'cc'}-${traceId}-${spanId}-${suffix}`;
      await local.callTool('echo_text', { text: 'x' }, { traceparent });
      const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
      expect(root.parentSpanId).toBe(spanId);
    }
  });

  it('R45: of a caller that does not sample changes neither what is recorded nor how the server is used', async () => {
    const before = http.requestsOf('initialize').length;
    const { traceId, spanId } = newCallerContext();
    await remote.callTool('echo_text', { text: 'x' }, { traceparent: `00-${traceId}-${spanId}-00` });
    await remote.callTool('echo_text', { text: 'x' }, { traceparent: newCallerContext().traceparent });
    expect(http.requestsOf('initialize')).toHaveLength(before);
    expect(await gateway.finishedSpans(traceId)).toHaveLength(5);
  });

  it('R63: carries no baggage upstream', async () => {
    const options = { headers: { baggage: 'tenant=header-baggage' } };
    await remote.callTool('echo_text', { text: 'x' }, { baggage: 'tenant=meta-baggage' }, options);
    const request = http.requestsOf('tools/call').at(-1);
    expect(JSON.stringify(request)).not.toContain('baggage');
  });

  it('R66: whose caller sends no spans still makes a whole trace that says so', async () => {
    const { traceId, traceparent } = newCallerContext();
    await local.callTool('echo_text', { text: 'x' }, { traceparent });
    await gateway.finishedSpans(traceId);
    const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
    expect(line).toMatchObject({ status: 'ok', remoteParentMissing: true, name: 'POST /servers/{id}/mcp' });
  });
});
