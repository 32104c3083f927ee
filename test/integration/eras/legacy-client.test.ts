import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { modernConformanceStdio } from '../../support/conformance-fixture.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';

let http: ModernHttpFixture;
let gateway: GatewayProcess;

beforeAll(async () => {
  http = await startModernHttpFixture({ modernOnly: true });
  const stdio = modernConformanceStdio(`${temporaryFolder()}/requests.txt`, { modernOnly: true });
  gateway = await startGateway({ config: { mcpServers: { http: { type: 'http', url: http.url }, stdio } } });
});

afterAll(async () => {
  await gateway.stop();
  await http.close();
});

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
    // Nobody listens for such news yet.
    expect(me.client.getServerCapabilities()?.tools?.listChanged).toBeUndefined();
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

  it('finds it among others at the common endpoint', async () => {
    await using me = await connectCapableClient(gateway, '/mcp');
    const answer = await me.client.callTool({ name: `${server}__test_simple_text`, arguments: {} });
    expect(textOf(answer)).toContain('simple text');
  });
});
