import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startMisbehavingHttp,
  type HttpBehaviour,
  type MisbehavingHttp,
} from '../../fixtures/servers/misbehaving-http.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { misbehavingStdio, workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';
import { answerError, answerText, openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

interface Fault {
  readonly behaviour: string;
  readonly says: RegExp;
  readonly errorType: string;
}

const STDIO_FAULTS: readonly Fault[] = [
  { behaviour: 'wrong-jsonrpc-version', says: /wrong-jsonrpc-version/, errorType: 'mcp_protocol_error' },
  { behaviour: 'answer-without-id', says: /answer-without-id/, errorType: 'mcp_protocol_error' },
  { behaviour: 'answer-without-result', says: /answer-without-result/, errorType: 'mcp_protocol_error' },
  { behaviour: 'truncated-json', says: /truncated-json/, errorType: 'mcp_protocol_error' },
  { behaviour: 'dies-mid-call', says: /exited with code 7/, errorType: 'connection_reset' },
  { behaviour: 'closes-stdout-mid-call', says: /closed its output/, errorType: 'connection_reset' },
];

/** What comes is no answer, or nothing comes: the call times out. */
const STDIO_SILENCES: readonly Fault[] = [
  { behaviour: 'answer-with-unknown-id', says: /did not answer/, errorType: 'timeout' },
];

const HTTP_FAULTS: readonly (Fault & { readonly behaviour: HttpBehaviour })[] = [
  { behaviour: 'unauthorized', says: /401/, errorType: 'auth_unauthorized' },
  { behaviour: 'server-error', says: /500/, errorType: 'upstream_server_error' },
  { behaviour: 'wrong-content-type', says: /text\/html/, errorType: 'mcp_protocol_error' },
  { behaviour: 'not-json', says: /not-json/, errorType: 'mcp_protocol_error' },
  { behaviour: 'truncated-json', says: /http-truncated-json/, errorType: 'mcp_protocol_error' },
  { behaviour: 'closes-mid-answer', says: /closes-mid-answer/, errorType: 'connection_reset' },
  { behaviour: 'stream-ends-without-answer', says: /without an answer/, errorType: 'mcp_protocol_error' },
];

const LEGAL_STDIO = ['garbage-then-behaves', 'half-a-frame-first', 'crlf', 'answers-twice', 'secrets-on-stderr'];
const LEGAL_HTTP: readonly HttpBehaviour[] = ['sse-answer', 'json-answer', 'chunked-sse-answer'];

/** One call fails as it should while calls to another server go on. */
async function expectFault(gateway: GatewayProcess, id: string, { says, errorType }: Fault): Promise<void> {
  const path = join(temporaryFolder(), 'go');
  const neighbour = await openRawSession(gateway, '/servers/healthy/mcp');
  // A neighbour's call that began before a call that times out would time out before it.
  const running = errorType === 'timeout' ? null : neighbour.callTool('wait_for_file', { path });
  const session = await openRawSession(gateway, `/servers/${id}/mcp`);
  const { traceId, traceparent } = newCallerContext();
  const { message } = answerError(await session.callTool('echo_text', { text: 'x' }, { traceparent }));
  expect(message).toMatch(/^[^\n]{10,400}[.)"]$/);
  expect(message).toMatch(says);
  const spans = await gateway.finishedSpans(traceId);
  for (const name of ['POST /servers/{id}/mcp', 'tool.invoke', 'mcp.client.call']) {
    const span = spanNamed(spans, name);
    expect(span).toMatchObject({ name, status: 'ERROR', statusMessage: message });
    expect(span.attributes['error.type']).toBe(errorType);
  }
  expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('error');
  expect(answerText(await neighbour.callTool('echo_text', { text: 'unharmed' }))).toBe('unharmed');
  await writeFile(path, '');
  if (running !== null) expect(answerText(await running)).toBe('it is there');
}

describe('a server that misbehaves during a call', () => {
  const https: MisbehavingHttp[] = [];
  let gateway: GatewayProcess;

  beforeAll(async () => {
    const servers: Record<string, unknown> = { healthy: workbenchStdio() };
    for (const name of [...STDIO_FAULTS.map(({ behaviour }) => behaviour), ...LEGAL_STDIO])
      servers[name] = misbehavingStdio(name);
    for (const behaviour of [...HTTP_FAULTS.map((fault) => fault.behaviour), ...LEGAL_HTTP]) {
      const http = await startMisbehavingHttp({ behaviour, from: 'calls' });
      https.push(http);
      servers[`http-${behaviour}`] = { type: 'http', url: http.url };
    }
    gateway = await startGateway({ config: { mcpServers: servers } });
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all(https.map((http) => http.close()));
  });

  it.each(STDIO_FAULTS)('over stdio ($behaviour) fails that call only, in one sentence', async (fault) => {
    await expectFault(gateway, fault.behaviour, fault);
  });

  it.each(HTTP_FAULTS)('over HTTP ($behaviour) fails that call only, in one sentence', async (fault) => {
    await expectFault(gateway, `http-${fault.behaviour}`, fault);
  });

  it.each([...LEGAL_STDIO, ...LEGAL_HTTP.map((behaviour) => `http-${behaviour}`)])(
    'is forgiven what does no harm: %s',
    async (id) => {
      const session = await openRawSession(gateway, `/servers/${id}/mcp`);
      const { traceId, traceparent } = newCallerContext();
      const answer = await session.callTool('echo_text', { text: 'proper – ünïcode 🧵' }, { traceparent });
      if (id === 'answers-twice') expect(answerText(answer)).toBe('first');
      else expect(answerText(answer)).toMatch(/ünïcode 🧵$/);
      await gateway.finishedSpans(traceId);
      expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('ok');
    },
  );

  it('that died is started again for the next session', async () => {
    const path = '/servers/dies-mid-call/mcp';
    const first = await openRawSession(gateway, path);
    answerError(await first.callTool('echo_text', { text: 'x' }));
    const second = await openRawSession(gateway, path);
    expect(await second.request('tools/list', {})).toHaveProperty('result');
  });

  it('that died is started again for the same session, whose next call is no worse off', async () => {
    const session = await openRawSession(gateway, '/servers/dies-mid-call/mcp');
    answerError(await session.callTool('echo_text', { text: 'x' }));
    const { traceId, traceparent } = newCallerContext();
    expect(await session.request('tools/list', { _meta: { traceparent } })).toHaveProperty('result');
    const call = spanNamed(await gateway.finishedSpans(traceId), 'mcp.client.call');
    expect(call.attributes['session.reused']).toBe(false);
  });

  it('R24: its stderr reaches no log of ours with its secrets', async () => {
    await openRawSession(gateway, '/servers/secrets-on-stderr/mcp');
    const traces = await (await gateway.rest('/api/traces?limit=1000')).text();
    expect(gateway.stderr() + traces).not.toMatch(/stderr-secret-471[12]/);
  });

  it('with a line that never ends is cut off, and the gateway goes on', async () => {
    await using other = await startGateway({
      config: {
        mcpServers: { endless: misbehavingStdio('endless-line'), healthy: workbenchStdio() },
        gateway: { requestTimeoutMs: 3_000 },
      },
    });
    const session = await openRawSession(other, '/servers/endless/mcp');
    const healthy = await openRawSession(other, '/servers/healthy/mcp');
    const call = session.callTool('echo_text', { text: 'x' });
    expect(answerText(await healthy.callTool('echo_text', { text: 'meanwhile' }))).toBe('meanwhile');
    answerError(await call);
    await eventually('no trace is open', async () =>
      (await other.traces()).every(({ status }) => status !== 'pending'),
    );
  });
});

describe('a server that falls silent during a call', () => {
  it.each(STDIO_SILENCES)('($behaviour) fails that call only, when its time is over', async (fault) => {
    await using gateway = await startGateway({
      config: {
        mcpServers: { healthy: workbenchStdio(), [fault.behaviour]: misbehavingStdio(fault.behaviour) },
        gateway: { requestTimeoutMs: 3_000 },
      },
    });
    await expectFault(gateway, fault.behaviour, fault);
  });
});
