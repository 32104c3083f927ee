import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess, type TraceLine } from '../support/gateway-process.ts';
import { spanNamed, type OtlpSpan } from '../support/otlp.ts';
import { answerError, answerText, openRawSession, type Json, type RawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

interface Outcome {
  readonly answer: Json;
  readonly line: TraceLine | undefined;
  readonly root: OtlpSpan;
  readonly operation: OtlpSpan;
  readonly call: OtlpSpan;
}

describe('how a call ended', () => {
  let http: HttpWorkbench;
  let gateway: GatewayProcess;
  const sessions = new Map<string, RawSession>();

  beforeAll(async () => {
    http = await startHttpWorkbench();
    gateway = await startGateway({
      config: { mcpServers: { local: workbenchStdio(), remote: { type: 'http', url: http.url } } },
    });
    for (const server of ['local', 'remote'])
      sessions.set(server, await openRawSession(gateway, `/servers/${server}/mcp`));
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  async function outcomeOf(server: string, tool: string, args: Json): Promise<Outcome> {
    const session = sessions.get(server);
    if (session === undefined) throw new Error(`No session with ${server}`);
    const { traceId, traceparent } = newCallerContext();
    const answer = await session.callTool(tool, args, { traceparent });
    const spans = await gateway.finishedSpans(traceId);
    return {
      answer,
      line: (await gateway.traces()).find((trace) => trace.traceId === traceId),
      root: spanNamed(spans, 'POST /servers/{id}/mcp'),
      operation: spanNamed(spans, 'tool.invoke'),
      call: spanNamed(spans, 'mcp.client.call'),
    };
  }

  it.each(['local', 'remote'])('leaves success UNSET (%s)', async (server) => {
    const { line, root, operation, call } = await outcomeOf(server, 'echo_text', { text: 'x' });
    expect(line?.status).toBe('ok');
    for (const span of [root, operation, call]) {
      expect(span.status).toBe('UNSET');
      expect(span.attributes).not.toHaveProperty('error.type');
    }
  });

  it.each(['local', 'remote'])('R47: a tool error is an error of operation and call (%s)', async (server) => {
    const { answer, line, operation, call } = await outcomeOf(server, 'fail', { message: 'no such recipient' });
    expect(answer['result']).toEqual({ content: [{ type: 'text', text: 'no such recipient' }], isError: true });
    expect(line?.status).toBe('error');
    for (const span of [operation, call]) {
      expect(span.status).toBe('ERROR');
      expect(span.attributes['error.type']).toBe('tool_error');
    }
  });

  it.each([-32700, -32600, -32601, -32602, -32002])(
    'R35: code %d is the caller\u2019s fault: the client span has the error, those that served it have only the code',
    async (code) => {
      const { answer, line, root, operation, call } = await outcomeOf('local', 'rpc_error', { code, message: 'no' });
      expect(answerError(answer)).toMatchObject({ code, message: 'no' });
      expect(line?.status).toBe('error');
      expect(call.status).toBe('ERROR');
      for (const span of [root, operation]) {
        expect(span.status).toBe('UNSET');
        expect(span.attributes).not.toHaveProperty('error.type');
        expect(span.attributes['rpc.response.status_code']).toBe(String(code));
      }
    },
  );

  it.each([-32603, -32042, 1, 403])('R35: any other code, like %d, is an error of all', async (code) => {
    const { line, root, operation, call } = await outcomeOf('local', 'rpc_error', { code, message: 'it broke' });
    expect(line?.status).toBe('error');
    for (const span of [root, operation, call]) {
      expect(span.status).toBe('ERROR');
      expect(span.attributes['rpc.response.status_code']).toBe(String(code));
      expect(span.attributes['error.type']).toBe(String(code));
    }
  });

  it.each(['local', 'remote'])(
    'hands a server\u2019s refusal of an unknown tool on as it came (%s)',
    async (server) => {
      const { answer, line } = await outcomeOf(server, 'no_such_tool', {});
      const { code, message } = answerError(answer);
      expect(code).toBe(-32602);
      expect(message).toContain('Unknown tool: no_such_tool');
      expect(line?.status).toBe('error');
    },
  );

  it('R103: refuses an unknown name at /mcp in one sentence, the same on the span, and asks no server', async () => {
    const session = await openRawSession(gateway, '/mcp');
    const { traceId, traceparent } = newCallerContext();
    const { code, message } = answerError(await session.callTool('nobody__has_this', {}, { traceparent }));
    expect(code).toBe(-32602);
    expect(message).toMatch(/^Unknown tool "nobody__has_this"/);
    const spans = await gateway.finishedSpans(traceId);
    expect(spans.map(({ name }) => name)).toEqual(['POST /mcp', 'tool.invoke']);
    expect(spanNamed(spans, 'tool.invoke').attributes['rpc.response.status_code']).toBe('-32602');
  });

  it('R103: hands an upstream\u2019s error on unchanged, its data too', async () => {
    const { answer } = await outcomeOf('local', 'rpc_error', { code: -32042, message: 'password=from-upstream' });
    expect(answerError(answer).message).toBe('password=from-upstream');
  });

  it('R3 R103: keeps a secret in an upstream\u2019s error out of every span', async () => {
    const { root, operation, call } = await outcomeOf('local', 'rpc_error', {
      code: -32603,
      message: 'login failed: password=outcome-secret-4714',
    });
    const asText = (span: OtlpSpan): string => JSON.stringify({ ...span, start: '', end: '' });
    for (const span of [root, operation, call]) expect(asText(span)).not.toContain('outcome-secret-4714');
  });

  it('carries a result of some megabytes whole, and records that it was cut', async () => {
    const session = sessions.get('local');
    const { traceId, traceparent } = newCallerContext();
    const bytes = 5 * 1024 * 1024;
    const answer = await session?.callTool('large', { bytes }, { traceparent });
    expect(answerText(answer ?? {})).toHaveLength(bytes);
    await gateway.finishedSpans(traceId);
    const tree = JSON.stringify(await gateway.tree(traceId));
    expect(tree).toContain('"truncated":true');
    expect(tree.length).toBeLessThan(bytes);
  });
});
