import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { eventually } from '../../support/eventually.ts';
import { outline, spanNamed } from '../../support/otlp.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { SERVER_IDS, startFiveServers, type FiveServers } from './five-servers.ts';

describe('five real servers behind one gateway, a client with every capability at /mcp', () => {
  let servers: FiveServers;
  let me: CapableClient;

  beforeAll(async () => {
    servers = await startFiveServers();
    me = await connectCapableClient(servers.gateway, '/mcp', {
      roots: [servers.folder],
      sample: () => 'words of the model',
      elicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
    });
  });

  afterAll(async () => {
    await me[Symbol.asyncDispose]();
    await servers.gateway.stop();
  });

  /** The server `everything` adds tools when it has seen what its client can do. */
  const offered = (client: Client, server: string, tool: string): Promise<string> =>
    eventually(`${server} offers ${tool}`, async () => {
      const { tools } = await client.listTools();
      return tools.find(({ name }) => name === `${server}__${tool}`)?.name ?? null;
    });

  const call = async (server: string, tool: string, args: Record<string, unknown>, meta = {}): Promise<string> => {
    const name = await offered(me.client, server, tool);
    return JSON.stringify(await me.client.callTool({ name, arguments: args, _meta: meta }));
  };

  it.each(SERVER_IDS)(
    'lists the tools of %s as it lists them itself, each under the server\u2019s name',
    async (id) => {
      await using alone = await connectCapableClient(servers.gateway, `/servers/${id}/mcp`, {
        roots: [servers.folder],
      });
      const own = (await alone.client.listTools()).tools;
      expect(own.length).toBeGreaterThan(0);
      const { tools } = await me.client.listTools();
      for (const tool of own) {
        const name = `${id}__${tool.name}`;
        expect(tools.find((listed) => listed.name === name)).toEqual({ ...tool, name });
      }
    },
  );

  it.each([
    ['everything', 'get-sum', { a: 2, b: 40 }, '42'],
    ['files', 'read_text_file', { path: 'note.txt' }, 'the note'],
    [
      'memory',
      'create_entities',
      { entities: [{ name: 'Ada', entityType: 'person', observations: ['counts'] }] },
      'Ada',
    ],
    [
      'thinking',
      'sequentialthinking',
      { thought: 'first', thoughtNumber: 1, totalThoughts: 2, nextThoughtNeeded: true },
      'thoughtHistoryLength',
    ],
  ])('calls %s and leaves a whole trace', async (server, tool, args: Record<string, unknown>, expected) => {
    const caller = newCallerContext();
    const given = tool === 'read_text_file' ? { path: join(servers.folder, 'note.txt') } : args;
    expect(await call(server, tool, given, { traceparent: caller.traceparent })).toContain(expected);
    const spans = await servers.gateway.finishedSpans(caller.traceId);
    expect(outline(spans)).toEqual([
      'POST /mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
    expect(spanNamed(spans, 'POST /mcp').parentSpanId).toBe(caller.spanId);
    expect(spanNamed(spans, 'tool.invoke').attributes['gen_ai.tool.name']).toBe(tool);
  });

  it('speaks 2024-11-05 with a server that knows no later revision, and passes on its refusal in its own words', async () => {
    await using old = await connectCapableClient(servers.gateway, '/servers/github/mcp');
    expect(old.protocolVersion).toBe('2024-11-05');
    expect(old.client.getServerVersion()?.name).toBe('github-mcp-server');
    const caller = newCallerContext();
    // Refused before anything is asked of the network.
    const refused = call('github', 'get_file_contents', { owner: 1 }, { traceparent: caller.traceparent });
    await expect(refused).rejects.toThrow('Invalid input');
    const spans = await servers.gateway.finishedSpans(caller.traceId);
    expect(spanNamed(spans, 'mcp.client.call').status).toBe('ERROR');
  });

  it('hears of tools that come late, and lists them then', async () => {
    await using late = await connectCapableClient(servers.gateway, '/mcp', { roots: [servers.folder] });
    await late.client.listTools();
    await late.hears('the list of tools changed', ({ method }) => method === 'notifications/tools/list_changed');
    expect(await offered(late.client, 'everything', 'trigger-sampling-request')).toContain('everything');
  });

  it('answers the servers\u2019 own questions: sampling, elicitation and roots', async () => {
    const sampled = await call('everything', 'trigger-sampling-request', { prompt: 'say something', maxTokens: 10 });
    expect(sampled).toContain('words of the model');
    const asked = me.heard.find(({ method }) => method === 'sampling/createMessage');
    expect(JSON.stringify(asked?.params)).toContain('say something');
    expect(await call('everything', 'trigger-elicitation-request', {})).toContain('Ada');
    expect(await call('everything', 'get-roots-list', {})).toContain(servers.folder);
  });

  it('is told of progress under its own token while the call runs', async () => {
    const name = await offered(me.client, 'everything', 'trigger-long-running-operation');
    const steps: unknown[] = [];
    await me.client.callTool({ name, arguments: { duration: 0.2, steps: 4 } }, undefined, {
      onprogress: (progress) => steps.push(progress),
    });
    expect(steps).toEqual([1, 2, 3, 4].map((progress) => ({ progress, total: 4 })));
  });

  it('chooses a log level and gets the logs', async () => {
    await me.client.setLoggingLevel('debug');
    await call('everything', 'toggle-simulated-logging', {});
    const { params } = await me.hears('a log message came', ({ method }) => method === 'notifications/message');
    expect(params).toHaveProperty('level');
    await call('everything', 'toggle-simulated-logging', {});
  });

  it('lists, reads and subscribes to resources', async () => {
    const { resources } = await me.client.listResources();
    const { resourceTemplates } = await me.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(
      'demo://resource/dynamic/text/{resourceId}',
    );
    const uri = resources.find(({ uri }) => uri.startsWith('demo://'))?.uri ?? '';
    expect(JSON.stringify(await me.client.readResource({ uri }))).toContain(uri);
    expect(JSON.stringify(await me.client.readResource({ uri: 'demo://resource/dynamic/text/7' }))).toContain('7');
    await me.client.subscribeResource({ uri });
    await call('everything', 'toggle-subscriber-updates', {});
    const updated = await me.hears(
      'a resource was updated',
      ({ method }) => method === 'notifications/resources/updated',
    );
    expect(updated.params['uri']).toBe(uri);
    await call('everything', 'toggle-subscriber-updates', {});
    await me.client.unsubscribeResource({ uri });
  });

  it('lists, fills in and completes prompts', async () => {
    const { prompts } = await me.client.listPrompts();
    const named = (name: string): string => prompts.find((prompt) => prompt.name.endsWith(name))?.name ?? '';
    const prompt = await me.client.getPrompt({
      name: named('args-prompt'),
      arguments: { city: 'Paris', state: 'France' },
    });
    expect(JSON.stringify(prompt.messages)).toContain('Paris');
    const { completion } = await me.client.complete({
      ref: { type: 'ref/prompt', name: named('completable-prompt') },
      argument: { name: 'department', value: 'Eng' },
    });
    expect(completion.values).toEqual(['Engineering']);
  });

  it('leaves no span open', async () => {
    // The gateway's own errands, as reading a list again, may be under way for a moment.
    const closed = await eventually('every span has ended', async () => {
      const traces = await servers.gateway.traces();
      return traces.every(({ openSpanCount }) => openSpanCount === 0) && traces;
    });
    expect(closed.length).toBeGreaterThan(20);
  });
});
