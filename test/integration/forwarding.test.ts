import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import {
  spanNames,
  spansOf,
  startGrpcReceiver,
  startHttpReceiver,
  type ReceivedRequest,
} from '../support/forward-receiver.ts';
import { startGateway } from '../support/gateway-process.ts';
import { readJson } from '../support/otlp-decoders/json.ts';
import { readSpans, type ReadSpan } from '../support/otlp-decoders/read-spans.ts';
import { answerText, openRawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

const TOKEN = 'correct-horse-battery-staple';
const mcpServers = { local: workbenchStdio() };

/** Of calls, not of the gateway's own upkeep. */
const CALLS = 'upkeep:none';

function spansOfTrace(requests: readonly ReceivedRequest[], traceId: string): readonly ReadSpan[] {
  return requests.flatMap((request) => spansOf(request)).filter((span) => span.traceId === traceId);
}

function sorted(spans: readonly ReadSpan[]): readonly ReadSpan[] {
  return [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
}

describe('a gateway that sends its traces', () => {
  it('R84: sends a call as it can be exported, and says in the resource who it is', async () => {
    const receiver = await startHttpReceiver();
    await using gateway = await startGateway({
      config: { mcpServers, otlp: { endpoints: { collector: { url: receiver.url, filter: CALLS } } } },
      env: { OTEL_SERVICE_NAME: 'my-gateway', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' },
    });
    const { traceId, traceparent } = newCallerContext();
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'hello' }, { traceparent });
    const exported = await eventually('the call was exported', async () => {
      await gateway.finishedSpans(traceId);
      return readSpans(readJson(Buffer.from(await (await gateway.rest(`/api/traces/${traceId}`)).arrayBuffer())));
    });
    await eventually('the call was sent', () => spansOfTrace(receiver.requests, traceId).length >= exported.length);
    expect(sorted(spansOfTrace(receiver.requests, traceId))).toEqual(sorted(exported));
    expect(exported.map(({ name }) => name)).toContain('tool.invoke');
    const resource = Object.fromEntries(exported[0]?.resource ?? []);
    expect(resource).toMatchObject({
      'service.name': { text: 'my-gateway' },
      'deployment.environment.name': { text: 'test' },
    });
  });

  it('R84: lets calls pass while an endpoint does not answer', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith('hang');
    await using gateway = await startGateway({
      config: { mcpServers, otlp: { endpoints: { collector: { url: receiver.url, timeoutMs: 600_000 } } } },
    });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'one' });
    await receiver.received(1);
    // The request of the first call is unanswered from here on to the end.
    for (const message of ['two', 'three'])
      expect(answerText(await session.callTool('echo_text', { text: message }))).toContain(message);
    expect(receiver.requests).toHaveLength(1);
  });

  it('R86: sends what was just called before it ends', async () => {
    const [http, grpc] = [await startHttpReceiver(), await startGrpcReceiver()];
    const gateway = await startGateway({
      config: {
        mcpServers,
        otlp: {
          endpoints: {
            http: { url: http.url, protocol: 'http/json' },
            grpc: { url: grpc.url, protocol: 'grpc' },
          },
        },
      },
      // With its packages in it, gRPC's among them.
      program: 'built',
    });
    const { traceId, traceparent } = newCallerContext();
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'hello' }, { traceparent });
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    for (const { requests } of [http, grpc]) {
      const names = spansOfTrace(requests, traceId).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['POST /servers/{id}/mcp', 'tool.invoke', 'mcp.client.call']));
    }
    expect(sorted(spansOfTrace(grpc.requests, traceId))).toEqual(sorted(spansOfTrace(http.requests, traceId)));
  });

  it('R86: ends with exit code 0 although an endpoint does not answer, and says what was not sent', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith('hang');
    const gateway = await startGateway({
      config: { mcpServers, otlp: { endpoints: { collector: { url: receiver.url, timeoutMs: 600_000 } } } },
    });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'hello' });
    await receiver.received(1);
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(gateway.stderr()).toMatch(/not sent to endpoint "collector"/);
    expect(gateway.stderr()).not.toContain('cut off');
  });

  it('R91: keeps what a caller does not sample, and does not send it', async () => {
    const receiver = await startHttpReceiver();
    await using gateway = await startGateway({
      config: { mcpServers, otlp: { endpoints: { collector: { url: receiver.url, filter: CALLS } } } },
    });
    const [unsampled, sampled] = [newCallerContext('00'), newCallerContext('01')];
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'one' }, { traceparent: unsampled.traceparent });
    await session.callTool('echo_text', { text: 'two' }, { traceparent: sampled.traceparent });
    expect((await gateway.finishedSpans(unsampled.traceId)).length).toBeGreaterThan(3);
    await eventually('the sampled one was sent', () => spansOfTrace(receiver.requests, sampled.traceId).length > 0);
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(spansOfTrace(receiver.requests, unsampled.traceId)).toEqual([]);
  });

  it('R25: shows what its headers hold nowhere', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith({ status: 401, headers: { 'content-type': 'text/plain' }, body: `unknown key ${TOKEN}` });
    const dataDir = join(temporaryFolder(), 'history');
    const gateway = await startGateway({
      config: {
        mcpServers,
        otlp: { endpoints: { collector: { url: receiver.url, headers: { 'x-api-key': '${BACKEND_TOKEN}' } } } },
      },
      env: { BACKEND_TOKEN: TOKEN },
      args: ['--data-dir', dataDir],
    });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: `the key is ${TOKEN}` });
    const [request] = await receiver.received(1);
    expect(request?.headers['x-api-key']).toBe(TOKEN);
    expect(Buffer.from(request?.body ?? []).toString('latin1')).not.toContain(TOKEN);
    await eventually('the log says it', () => gateway.stderr().includes('HTTP 401'));
    const shown = [await gateway.rest('/api/traces'), await gateway.rest('/api/export?payloads=1')];
    const texts = await Promise.all(shown.map((response) => response.text()));
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    const files = readdirSync(dataDir).map((file) => readFileSync(join(dataDir, file), 'latin1'));
    expect(files.length).toBeGreaterThan(0);
    for (const text of [...texts, ...files, gateway.stdout(), gateway.stderr()]) expect(text).not.toContain(TOKEN);
  });

  it('R96: sends to another Throughline, which then has the same spans', async () => {
    await using second = await startGateway();
    await using first = await startGateway({
      config: {
        mcpServers,
        otlp: {
          endpoints: {
            second: { url: second.origin, headers: { authorization: 'Bearer ${SECOND}' }, filter: CALLS },
          },
        },
      },
      env: { SECOND: second.token },
    });
    const { traceId, traceparent } = newCallerContext();
    const session = await openRawSession(first, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'hello' }, { traceparent });
    const exportOf = async ({ rest }: typeof first): Promise<readonly ReadSpan[]> => {
      const response = await rest(`/api/traces/${traceId}`);
      return response.ok ? readSpans(readJson(Buffer.from(await response.arrayBuffer()))) : [];
    };
    await first.finishedSpans(traceId);
    const spans = await exportOf(first);
    expect(spans.length).toBeGreaterThan(3);
    await eventually('the second has it', async () => (await exportOf(second)).length === spans.length);
    expect(sorted(await exportOf(second))).toEqual(sorted(spans));
  });

  it('R84: refuses to send to itself', async () => {
    const receiver = await startHttpReceiver();
    const port = receiver.port;
    await receiver.close();
    await using gateway = await startGateway({
      config: { mcpServers },
      args: ['--port', String(port)],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}` },
    });
    expect(gateway.origin).toContain(String(port));
    expect(gateway.stderr()).toContain('own address');
  });

  it('sends what it does of its own accord too, unless the filter leaves it out', async () => {
    const [all, calls] = [await startHttpReceiver(), await startHttpReceiver()];
    await using gateway = await startGateway({
      config: {
        mcpServers,
        otlp: { endpoints: { all: { url: all.url }, calls: { url: calls.url, filter: CALLS } } },
      },
    });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    await session.callTool('echo_text', { text: 'hello' });
    await eventually('the call was sent to both', () =>
      [all, calls].every(({ requests }) => spanNames(requests).includes('tool.invoke')),
    );
    await eventually('the opening of the server was sent', () => spanNames(all.requests).includes('server.connect'));
    expect(spanNames(calls.requests)).not.toContain('server.connect');
  });
});
