import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { runInspector } from '../../support/inspector-cli.ts';
import { mcpRemote } from '../../support/package-servers.ts';
import { exposedName, textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { SERVER_IDS, startFiveServers, type FiveServers } from './five-servers.ts';

describe('clients that other people wrote, in front of five servers', () => {
  let servers: FiveServers;

  beforeAll(async () => {
    servers = await startFiveServers();
  });

  afterAll(async () => {
    await servers.gateway.stop();
  });

  const DOCUMENT = 'demo://resource/static/document/features.md';
  const ONE = '/servers/everything/mcp';

  /** How many whole traces there are of clients' requests with this method. */
  const recorded = async (method: string): Promise<number> => {
    const traces = await servers.gateway.traces();
    const ended = traces.filter(({ name, openSpanCount }) => name.startsWith('POST ') && openSpanCount === 0);
    return ended.filter((trace) => trace['method'] === method).length;
  };

  describe('the MCP Inspector', () => {
    it.each([
      ['/mcp', ['tools/list'], ['everything', 'files', 'memory', 'thinking', 'github', 'sequentialthinking']],
      ['/mcp', ['resources/list'], [DOCUMENT]],
      ['/mcp', ['resources/templates/list'], ['demo://resource/dynamic/blob/{resourceId}']],
      ['/mcp', ['prompts/list'], ['everything__completable-prompt']],
      ['/mcp', ['tools/call', '--tool-name', 'everything__get-sum', '--tool-arg', 'a=2', 'b=40'], ['42']],
      [ONE, ['tools/list'], ['get-structured-content']],
      [ONE, ['tools/call', '--tool-name', 'echo', '--tool-arg', 'message=over here'], ['over here']],
      [ONE, ['resources/list'], [DOCUMENT]],
      [ONE, ['resources/read', '--uri', DOCUMENT], ['features.md', 'text']],
      [ONE, ['prompts/list'], ['args-prompt']],
      ['/servers/github/mcp', ['tools/list'], ['create_pull_request_review']],
    ])('at %s: %s', async (path, [method = '', ...more], expected) => {
      const before = await recorded(method);
      const run = await runInspector(servers.gateway, path, '--protocol-era', 'legacy', '--method', method, ...more);
      expect(run).toMatchObject({ code: 0 });
      for (const word of expected) expect(run.stdout).toContain(word);
      await eventually('the request was recorded', async () => (await recorded(method)) > before);
    });
  });

  it('mcp-remote carries a stdio client to /mcp, and its calls leave their traces', async () => {
    const { command, args } = mcpRemote(servers.gateway.ready.mcp, servers.gateway.token);
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      env: { HOME: temporaryFolder() },
      stderr: 'ignore',
    });
    const client = new Client({ name: 'behind-mcp-remote', version: '1.0.0' });
    await client.connect(transport);
    const { tools } = await client.listTools();
    for (const id of SERVER_IDS) expect(tools.filter(({ name }) => name.startsWith(`${id}__`))).not.toEqual([]);
    const { traceparent, traceId } = newCallerContext();
    const name = await exposedName(client, 'everything', '__echo');
    const answer = await client.callTool({ name, arguments: { message: 'far away' }, _meta: { traceparent } });
    expect(textOf(answer)).toContain('far away');
    expect((await servers.gateway.finishedSpans(traceId)).map((span) => span.name)).toContain('mcp.client.call');
    await client.close();
  });
});
