import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { modernConformanceStdio } from '../../support/conformance-fixture.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { openModernClient } from '../../support/modern-client.ts';
import { textOf } from '../../support/sdk-client.ts';
import { sdkV2Client } from '../../support/sdk-v2-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const recordFile = `${temporaryFolder()}/requests.txt`;

let http: ModernHttpFixture;
let gateway: GatewayProcess;

beforeAll(async () => {
  http = await startModernHttpFixture({ modernOnly: true });
  const stdio = modernConformanceStdio(recordFile, { modernOnly: true });
  gateway = await startGateway({ config: { mcpServers: { http: { type: 'http', url: http.url }, stdio } } });
});

afterAll(async () => {
  await gateway.stop();
  await http.close();
});

const RUNNING = 'tools/call test_wait_until_cancelled';
const CANCELLED = 'cancelled test_wait_until_cancelled';

/** How often the server noted this. */
function countOf(server: string, what: string): number {
  const requests = server === 'http' ? http.requests() : readFileSync(recordFile, 'utf8').split('\n');
  return requests.filter((request) => request === what).length;
}

describe.each(['http', 'stdio'])('a client with a handshake, and a server over %s that has none', (server) => {
  const path = `/servers/${server}/mcp`;
  const connect = (): Promise<CapableClient> =>
    connectCapableClient(gateway, path, {
      sample: () => 'words of the model',
      elicit: () => ({ action: 'accept', content: { username: 'ada', email: 'ada@example.test' } }),
    });

  it('agrees on a revision of its own with the gateway, and learns who the server is', async () => {
    await using me = await connect();
    expect(me.protocolVersion).toBe('2025-11-25');
    expect(me.client.getServerVersion()?.name).toMatch(/./);
    expect(me.client.getServerCapabilities()).toMatchObject({ tools: { listChanged: true }, logging: {} });
  });

  it('lists and calls tools, reads resources and gets prompts', async () => {
    await using me = await connect();
    const { tools } = await me.client.listTools();
    expect(tools.map(({ name }) => name)).toContain('test_simple_text');
    const { traceparent, traceId } = newCallerContext();
    const answer = await me.client.callTool({ name: 'test_simple_text', arguments: {}, _meta: { traceparent } });
    expect(textOf(answer)).toContain('simple text');
    const spans = await gateway.finishedSpans(traceId);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['tool.invoke', 'mcp.client.call']));
    const { resources } = await me.client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain('test://static-text');
    const { contents } = await me.client.readResource({ uri: 'test://static-text' });
    expect(contents).toHaveLength(1);
    const { messages } = await me.client.getPrompt({ name: 'test_simple_prompt' });
    expect(messages.length).toBeGreaterThan(0);
  });

  it('hears of progress', async () => {
    await using me = await connect();
    const heard: number[] = [];
    await me.client.callTool({ name: 'test_tool_with_progress', arguments: {} }, undefined, {
      onprogress: ({ progress }) => heard.push(progress),
    });
    expect(heard.at(-1)).toBe(100);
  });

  it('is asked what the server needs to know, while its call goes on', async () => {
    await using me = await connect();
    const asked = await me.client.callTool({ name: 'test_elicitation', arguments: { message: 'who?' } });
    expect(textOf(asked)).toContain('ada');
    expect(me.heard.map(({ method }) => method)).toContain('elicitation/create');
    const sampled = await me.client.callTool({ name: 'test_sampling', arguments: { prompt: 'say' } });
    expect(textOf(sampled)).toContain('words of the model');
  });

  it('hears of errors as they are', async () => {
    await using me = await connect();
    const failed = await me.client.callTool({ name: 'test_error_handling', arguments: {} });
    expect(failed.isError).toBe(true);
    await expect(me.client.getPrompt({ name: 'nothing' })).rejects.toThrow(/nothing/);
  });

  it('calls a tool whose arguments the server wants repeated in headers', async () => {
    await using me = await connect();
    const params = { name: 'test_header_params', arguments: { region: 'Köln', priority: 42 } };
    const answer = await me.client.callTool(params);
    expect(answer.isError).not.toBe(true);
    expect(textOf(answer)).toContain('Köln');
  });

  it('takes a call back', async () => {
    await using me = await connect();
    const [cancelled, running] = [countOf(server, CANCELLED), countOf(server, RUNNING)];
    const leaving = new AbortController();
    const params = { name: 'test_wait_until_cancelled', arguments: {} };
    const call = me.client.callTool(params, undefined, { signal: leaving.signal });
    call.catch(() => undefined);
    await eventually('the server has it', () => countOf(server, RUNNING) > running);
    leaving.abort();
    await expect(call).rejects.toThrow();
    await eventually('the server was told', () => countOf(server, CANCELLED) > cancelled);
  });

  it('finds it among others at the common endpoint', async () => {
    await using me = await connectCapableClient(gateway, '/mcp');
    const answer = await me.client.callTool({ name: `${server}__test_simple_text`, arguments: {} });
    expect(textOf(answer)).toContain('simple text');
  });
});

describe.each(['http', 'stdio'])('a client and a server over %s that both have no handshake', (server) => {
  const path = `/servers/${server}/mcp`;

  it('find each other, and the client answers what the server needs to know', async () => {
    const asked: string[] = [];
    await using me = await sdkV2Client(gateway, path, {
      era: 'auto',
      capabilities: { elicitation: {} },
      prepare: (client) => {
        client.setRequestHandler('elicitation/create', ({ params }) => {
          asked.push(params.message);
          return { action: 'accept', content: { username: 'ada', email: 'ada@example.test' } };
        });
      },
    });
    expect(me.client.getProtocolEra()).toBe('modern');
    const answer = await me.client.callTool({ name: 'test_elicitation', arguments: { message: 'who?' } });
    expect(JSON.stringify(answer.content)).toContain('ada');
    expect(asked).toEqual(['who?']);
  });

  it('hear of a call that is taken back by closing its connection', async () => {
    const [cancelled, running] = [countOf(server, CANCELLED), countOf(server, RUNNING)];
    const leaving = new AbortController();
    const me = openModernClient(gateway, path);
    const call = me.callTool('test_wait_until_cancelled', {}, { signal: leaving.signal });
    call.catch(() => undefined);
    await eventually('the server has it', () => countOf(server, RUNNING) > running);
    leaving.abort();
    await eventually('the server was told', () => countOf(server, CANCELLED) > cancelled);
  });
});
