import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { everythingStdio, filesystemStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { outline } from '../support/otlp.ts';
import { openRawSession } from '../support/raw-session.ts';
import { exposedName, sdkClient, textOf } from '../support/sdk-client.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('one gateway before two stdio servers and one HTTP server', () => {
  const folder = temporaryFolder();
  let http: HttpWorkbench;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    writeFileSync(join(folder, 'hello.txt'), 'hello from a file');
    http = await startHttpWorkbench();
    gateway = await startGateway({
      config: {
        mcpServers: {
          everything: everythingStdio(),
          files: filesystemStdio(folder),
          bench: { type: 'http', url: http.url },
        },
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  it('offers the tools of all servers at /mcp, each under a name that begins with its server', async () => {
    await using session = await sdkClient(gateway, '/mcp');
    const { tools } = await session.client.listTools();
    const names = tools.map(({ name }) => name);
    for (const [server, tool] of [
      ['everything', 'echo'],
      ['files', 'read_text_file'],
      ['bench', 'echo_text'],
    ] as const) {
      expect(names.filter((name) => name.startsWith(server) && name.endsWith(tool))).toHaveLength(1);
    }
    expect(new Set(names).size).toBe(names.length);
  });

  it('takes a call at /mcp to the server that owns the tool, under its own name', async () => {
    await using session = await sdkClient(gateway, '/mcp');
    const { client } = session;
    const call = async (server: string, tool: string, args: Record<string, unknown>): Promise<string> => {
      const name = await exposedName(client, server, tool);
      return textOf(await client.callTool({ name, arguments: args }));
    };
    expect(await call('everything', 'get-sum', { a: 19, b: 23 })).toContain('42');
    expect(await call('files', 'read_text_file', { path: join(folder, 'hello.txt') })).toBe('hello from a file');
    expect(await call('bench', 'echo_text', { text: 'over HTTP' })).toBe('over HTTP');
    expect(http.requestsOf('tools/call').at(-1)?.body?.['params']).toMatchObject({ name: 'echo_text' });
  });

  it('leaves the names of one server untouched at its own endpoint', async () => {
    await using session = await sdkClient(gateway, '/servers/files/mcp');
    const { tools } = await session.client.listTools();
    expect(tools).toHaveLength(14);
    expect(tools.map(({ name }) => name)).toContain('read_text_file');
    expect(session.client.getServerVersion()?.name).toContain('filesystem');
  });

  it('hands on what it does not know: titles, annotations and output schemas arrive as the server sent them', async () => {
    await using direct = await sdkClient(gateway, '/servers/files/mcp');
    const { tools } = await direct.client.listTools();
    const tool = tools.find(({ name }) => name === 'read_text_file');
    expect(tool?.annotations).toMatchObject({ readOnlyHint: true });
    expect(tool?.outputSchema).toBeDefined();
    expect(tool?.title).toBeTypeOf('string');
  });

  it('passes prompts and resources through, at both endpoints', async () => {
    await using all = await sdkClient(gateway, '/mcp');
    await using one = await sdkClient(gateway, '/servers/everything/mcp');
    const { resources } = await one.client.listResources();
    const [resource] = resources;
    expect(resource).toBeDefined();
    const read = await all.client.readResource({ uri: resource?.uri ?? '' });
    expect(read.contents).toHaveLength(1);
    const { prompts } = await one.client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('simple-prompt');
    const prompt = await one.client.getPrompt({ name: 'simple-prompt' });
    expect(prompt.messages.length).toBeGreaterThan(0);
  });

  it('keeps every field of a structured and of an image result', async () => {
    await using session = await sdkClient(gateway, '/servers/everything/mcp');
    const structured = await session.client.callTool({
      name: 'get-structured-content',
      arguments: { location: 'New York' },
    });
    expect(structured.structuredContent).toMatchObject({ conditions: expect.any(String) as string });
    const image = await session.client.callTool({ name: 'get-tiny-image', arguments: {} });
    expect(JSON.stringify(image.content)).toContain('image/png');
  });

  it('R43: draws the same tree for a call over stdio and over HTTP', async () => {
    await using lister = await sdkClient(gateway, '/mcp');
    // This session has not turned to any server yet: a list would have opened theirs.
    const session = await openRawSession(gateway, '/mcp');
    const calls = [
      ['everything', 'echo', { message: 'hi' }],
      ['bench', 'echo_text', { text: 'hi' }],
    ] as const;
    for (const [server, tool, args] of calls) {
      const name = await exposedName(lister.client, server, tool);
      const { traceId, traceparent } = newCallerContext();
      await session.callTool(name, args, { traceparent });
      expect(outline(await gateway.finishedSpans(traceId))).toEqual([
        'POST /mcp',
        '  tool.invoke',
        '    mcp.client.call',
        '      mcp.client.initialize',
        '      mcp.client.request',
        '      mcp.client.response',
      ]);
    }
  });

  it('lets a long call of a real server report its progress to the official client', async () => {
    await using session = await sdkClient(gateway, '/servers/everything/mcp');
    const steps: number[] = [];
    await session.client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } },
      undefined,
      { onprogress: ({ progress }) => steps.push(progress) },
    );
    // The SDK drops a notification that arrives together with the answer, so the last one may be missing.
    expect(steps.slice(0, 2)).toEqual([1, 2]);
  });
});
