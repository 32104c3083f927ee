import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerId, TraceId } from '../../src/shared/domain/ids.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingSettings } from '../../src/shared/domain/settings.ts';
import { startScriptedHttp, type ScriptedHttp } from '../fixtures/servers/scripted-http.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { outline, readOtlp, spanNamed, type OtlpSpan } from '../support/otlp.ts';
import { answerText, openRawSession, type RawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { startHomeRuntime, type HomeRuntime } from './config/home-runtime.ts';

describe('what is set about tracing while the gateway runs', () => {
  let server: ScriptedHttp;
  let home: HomeRuntime;
  let session: RawSession;

  beforeAll(async () => {
    server = await startScriptedHttp(() => false);
    home = await startHomeRuntime(temporaryFolder());
    await home.add('one' as ServerId, { type: 'http', url: server.url, headers: {} });
    await home.until('one' as ServerId, 'connected');
    session = await openRawSession({ rest: home.rest }, '/servers/one/mcp');
  });

  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    await server.close();
  });

  async function set(change: Partial<TracingSettings>): Promise<void> {
    await home.page.settings.save({ ...DEFAULT_TRACING_SETTINGS, ...change });
  }

  /** Calls a tool under a context of its own, and answers with that and what the server was sent. */
  async function call(flags = '01') {
    const { traceId, spanId } = newCallerContext();
    const traceparent = `00-${traceId}-${spanId}-${flags}`;
    const answer = await session.callTool('echo_text', { text: 'x' }, { traceparent });
    expect(answerText(answer)).toBe('proper');
    return { traceId: traceId as TraceId, traceparent, sent: server.requestsOf('tools/call').at(-1) };
  }

  async function spansOf(traceId: TraceId): Promise<readonly OtlpSpan[]> {
    await eventually(`trace ${traceId} has ended`, async () => {
      const response = await home.rest(`/api/traces/${traceId}/tree`);
      return response.ok && ((await response.json()) as { openSpanCount: number }).openSpanCount === 0;
    });
    return readOtlp(await (await home.rest(`/api/traces/${traceId}`)).json());
  }

  async function payloadsOf(traceId: TraceId): Promise<readonly string[]> {
    await spansOf(traceId);
    const { spans } = (await (await home.rest(`/api/traces/${traceId}/tree`)).json()) as { spans: readonly TreeSpan[] };
    const below = (span: TreeSpan): readonly string[] => [
      ...span.payloads.map(({ direction }) => `${direction} ${span.name}`),
      ...span.children.flatMap(below),
    ];
    return spans.flatMap(below);
  }

  interface TreeSpan {
    readonly name: string;
    readonly payloads: readonly { readonly direction: string }[];
    readonly children: readonly TreeSpan[];
  }

  it('R92: recording can be switched off and on: calls pass, nothing of them is kept, and their trace goes on', async () => {
    await set({ isRecording: false });
    const off = await call('00');
    expect(off.sent?.headers['traceparent']).toBe(off.traceparent);
    expect(off.sent?.message['params']).toMatchObject({ _meta: { traceparent: off.traceparent } });
    await set({ isRecording: true });
    const on = await call();
    const root = spanNamed(await spansOf(on.traceId), 'mcp.client.call');
    expect(on.sent?.headers['traceparent']).toBe(`00-${on.traceId}-${root.spanId}-01`);
    expect((await home.rest(`/api/traces/${off.traceId}`)).status).toBe(404);
  });

  it('R94: with the names of the conventions the tree and what the list says of it stay the same', async () => {
    const seed = await call();
    await spansOf(seed.traceId);
    await set({ spanNaming: 'semconv' });
    const semconv = await call();
    const spans = await spansOf(semconv.traceId);
    await set({});
    expect(outline(spans)).toEqual([
      'POST /servers/{id}/mcp',
      '  tools/call echo_text',
      '    tools/call echo_text',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
    expect(spans.map(({ kind }) => kind)).toEqual(['SERVER', 'SERVER', 'CLIENT', 'INTERNAL', 'INTERNAL']);
    const found = (await (await home.rest('/api/traces?q=tool:echo_text+method:tools/call')).json()) as TraceLine[];
    const [first, second] = [seed, semconv].map(({ traceId }) => found.find((line) => line['traceId'] === traceId));
    const own = { traceId: null, revision: null, startTime: null, durationMs: null, endTime: null };
    expect(first).toMatchObject({ method: 'tools/call', target: 'echo_text', status: 'ok' });
    expect({ ...second, ...own }).toEqual({ ...first, ...own });
  });

  it('R22: bodies are kept of the spans that are named, requests and responses apart', async () => {
    await set({ capture: { requests: ['tool.invoke'], responses: 'none' } });
    const { traceId } = await call();
    await set({});
    expect(await payloadsOf(traceId)).toEqual(['request tool.invoke']);
  });

  it('R23: the client’s address is on the root while identity is captured, and not before', async () => {
    const before = spanNamed(await spansOf((await call()).traceId), 'POST /servers/{id}/mcp');
    await set({ capturesIdentity: true });
    const after = spanNamed(await spansOf((await call()).traceId), 'POST /servers/{id}/mcp');
    await set({});
    expect(before.attributes).not.toHaveProperty('client.address');
    expect(before.attributes).not.toHaveProperty('client.port');
    expect(after.attributes).toMatchObject({ 'client.address': '127.0.0.1', 'client.port': expect.any(Number) });
  });

  it('R91: a call whose caller does not sample is recorded, and its root says so', async () => {
    const { traceId, sent } = await call('00');
    const root = spanNamed(await spansOf(traceId), 'POST /servers/{id}/mcp');
    expect(root.attributes).toMatchObject({ 'throughline.caller.sampled': false });
    expect(sent?.headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  });
});

type TraceLine = Readonly<Record<string, unknown>>;
