import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInspector } from '../../support/inspector-cli.ts';
import { sdkV2Client, type SdkV2Client, type SdkV2ClientOptions } from '../../support/sdk-v2-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { SERVER_IDS, startFiveServers, type FiveServers } from './five-servers.ts';

const ONE = '/servers/everything/mcp';

describe('clients of the stateless era that other people wrote, in front of five servers of the era before', () => {
  let servers: FiveServers;

  beforeAll(async () => {
    servers = await startFiveServers();
  });

  afterAll(async () => {
    await servers.gateway.stop();
  });

  const connect = (path: string, options: SdkV2ClientOptions = {}): Promise<SdkV2Client> =>
    sdkV2Client(servers.gateway, path, options);

  it.each([
    ['modern', '/mcp', ['tools/list'], ['everything', 'files', 'memory', 'thinking', 'github']],
    ['auto', '/mcp', ['tools/list'], ['sequentialthinking']],
    ['modern', '/mcp', ['prompts/list'], ['everything__completable-prompt']],
    ['modern', ONE, ['tools/call', '--tool-name', 'echo', '--tool-arg', 'message=over here'], ['over here']],
    ['auto', ONE, ['resources/list'], ['demo://resource/static/document/features.md']],
    ['modern', '/servers/github/mcp', ['tools/list'], ['create_pull_request_review']],
  ])('the MCP Inspector, %s, at %s: %s', async (era, path, [method = '', ...more], expected) => {
    const run = await runInspector(servers.gateway, path, '--protocol-era', era, '--method', method, ...more);
    expect(run).toMatchObject({ code: 0 });
    for (const word of expected) expect(run.stdout).toContain(word);
  });

  it.each(['modern', 'auto'] as const)('the official SDK, %s, finds the newer era and every server', async (era) => {
    await using me = await connect('/mcp', { era });
    expect(me.client.getProtocolEra()).toBe('modern');
    const { tools } = await me.client.listTools();
    for (const id of SERVER_IDS) expect(tools.filter(({ name }) => name.startsWith(`${id}__`))).not.toEqual([]);
  });

  it('the official SDK calls a tool, and the call is one trace that follows its caller', async () => {
    await using me = await connect(ONE);
    const { traceparent, traceId } = newCallerContext();
    const answer = await me.client.callTool({ name: 'get-sum', arguments: { a: 2, b: 40 }, _meta: { traceparent } });
    expect(JSON.stringify(answer.content)).toContain('42');
    const spans = await servers.gateway.finishedSpans(traceId);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['tool.invoke', 'mcp.client.call']));
    const [tool] = spans.filter(({ name }) => name === 'tool.invoke');
    expect(tool?.attributes).toMatchObject({
      'mcp.protocol.version': '2026-07-28',
      'throughline.client.name': 'sdk-v2-client',
    });
    expect(tool?.attributes).not.toHaveProperty('mcp.session.id');
  });

  it('the official SDK is asked by a server that knows only how to ask at once, and answers it', async () => {
    const asked: unknown[] = [];
    await using me = await connect(ONE, {
      capabilities: { elicitation: {} },
      prepare: (client) => {
        client.setRequestHandler('elicitation/create', ({ params }) => {
          asked.push(params);
          return { action: 'accept', content: { name: 'Ada', check: true } };
        });
      },
    });
    const { tools } = await me.client.listTools();
    const name = tools.map((tool) => tool.name).find((tool) => tool.includes('elicitation'));
    const answer = await me.client.callTool({ name: name ?? '', arguments: {} });
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(answer.content)).toContain('Ada');
  });

  it('the official SDK hears of progress', async () => {
    await using me = await connect(ONE);
    const heard: number[] = [];
    const name = 'trigger-long-running-operation';
    await me.client.callTool(
      { name, arguments: { duration: 1, steps: 2 } },
      { onprogress: ({ progress }) => heard.push(progress) },
    );
    expect(heard).toEqual([1, 2]);
  });
});
