import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult, ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { everythingStdio, filesystemStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { memoryStdio } from '../../support/package-servers.ts';
import { textOf } from '../../support/sdk-client.ts';

const OF_TWO = 'throughline:two:';

function firstText({ contents }: ReadResourceResult): string {
  const [first] = contents;
  return first !== undefined && 'text' in first ? first.text : '';
}

async function toolNames(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

describe('real servers at one endpoint, two of them alike', () => {
  let gateway: GatewayProcess;
  let connected: CapableClient;
  let client: Client;

  beforeAll(async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'note.txt'), 'a note');
    const everything = { tools: true, prompts: true, resources: true };
    gateway = await startGateway({
      config: {
        mcpServers: {
          one: everythingStdio(),
          two: everythingStdio(),
          files: filesystemStdio(folder),
          memory: memoryStdio(join(temporaryFolder(), 'memory.jsonl')),
        },
        virtualServers: {
          desk: {
            description: 'For the front desk.',
            servers: {
              one: { tools: ['echo'], resources: ['demo://resource/static/document/features.md'] },
              two: everything,
            },
          },
        },
      },
    });
    connected = await connectCapableClient(gateway, '/mcp');
    client = connected.client;
  });

  afterAll(async () => {
    await connected[Symbol.asyncDispose]();
    await gateway.stop();
  });

  it('offer all their tools side by side, each under its server', async () => {
    const names = await toolNames(client);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['one__echo', 'two__echo', 'files__read_text_file', 'memory__create_entities']),
    );
    const echoed = await client.callTool({ name: 'two__echo', arguments: { message: 'hello' } });
    expect(textOf(echoed)).toContain('hello');
  });

  it('are introduced together, each with its own words', () => {
    expect(client.getServerCapabilities()).toMatchObject({
      tools: {},
      prompts: {},
      resources: { subscribe: true },
      logging: {},
    });
    const instructions = client.getInstructions() ?? '';
    expect(instructions).toContain('# one\n\n');
    expect(instructions.indexOf('# one\n\n')).toBeLessThan(instructions.indexOf('# two\n\n'));
  });

  it('share no resource: every listed one can be read where it was listed', async () => {
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(new Set(uris).size).toBe(uris.length);
    const ofOne = uris.filter((uri) => uri.startsWith('demo://'));
    expect(ofOne.length).toBeGreaterThan(0);
    expect(uris.filter((uri) => uri.startsWith(OF_TWO))).toEqual(ofOne.map((uri) => OF_TWO + uri));
    for (const uri of uris) {
      const { contents } = await client.readResource({ uri });
      expect(contents.map((content) => content.uri)).toEqual([uri]);
    }
  });

  it('give links that lead back to the server that gave them', async () => {
    const uriOfSession = async (server: string): Promise<string> => {
      const result = (await client.callTool({
        name: `${server}__get-resource-links`,
        arguments: { count: 2 },
      })) as CallToolResult;
      const link = result.content.find((block) => block.type === 'resource_link' && block.uri.includes('/text/'));
      return link?.type === 'resource_link' ? link.uri : '';
    };
    expect(await uriOfSession('one')).toBe('demo://resource/dynamic/text/2');
    const ofTwo = await uriOfSession('two');
    expect(ofTwo).toBe(`${OF_TWO}demo://resource/dynamic/text/2`);
    expect(firstText(await client.readResource({ uri: ofTwo }))).toContain('Resource 2');
  });

  it('complete prompts and templates, and get prompts by their exposed names', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('two__completable-prompt');
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'two__completable-prompt' },
      argument: { name: 'department', value: 'E' },
    });
    expect(completion.values).toEqual(['Engineering']);
    const { resourceTemplates } = await client.listResourceTemplates();
    const template = resourceTemplates.find(({ uriTemplate }) => uriTemplate.startsWith(OF_TWO))?.uriTemplate ?? '';
    const ofTemplate = await client.complete({
      ref: { type: 'ref/resource', uri: template },
      argument: { name: 'resourceId', value: '7' },
    });
    expect(ofTemplate.completion.values).toEqual(['7']);
    const prompt = await client.getPrompt({ name: 'one__simple-prompt' });
    expect(prompt.messages).toHaveLength(1);
  });

  it('tell of updates of what the client subscribed to, under the URI it knows', async () => {
    const uri = `${OF_TWO}demo://resource/static/document/features.md`;
    await client.subscribeResource({ uri });
    await client.callTool({ name: 'two__toggle-subscriber-updates', arguments: {} });
    const news = await connected.hears('an update', ({ method }) => method === 'notifications/resources/updated');
    expect(news.params['uri']).toBe(uri);
    await client.callTool({ name: 'two__toggle-subscriber-updates', arguments: {} });
    await client.unsubscribeResource({ uri });
  });

  it('put their questions to the client, whichever of them asks', async () => {
    const result = await client.callTool({
      name: 'two__trigger-sampling-request',
      arguments: { prompt: 'Say something.', maxTokens: 10 },
    });
    expect(textOf(result)).toContain('sampled');
  });

  it('are seen in part at a virtual server, under the same names', async () => {
    await using desk = await connectCapableClient(gateway, '/servers/desk/mcp');
    expect(desk.client.getInstructions()).toMatch(/^For the front desk\.\n\n# one\n\n/);
    const names = await toolNames(desk.client);
    expect(names.filter((name) => !name.startsWith('two__'))).toEqual(['one__echo']);
    const uris = (await desk.client.listResources()).resources.map(({ uri }) => uri);
    expect(uris.filter((uri) => !uri.startsWith(OF_TWO))).toEqual(['demo://resource/static/document/features.md']);
    expect(textOf(await desk.client.callTool({ name: 'one__echo', arguments: { message: 'here' } }))).toContain('here');
    const refused = { name: 'one__get-sum', arguments: { a: 1, b: 2 } };
    await expect(desk.client.callTool(refused)).rejects.toThrow('Unknown tool "one__get-sum".');
    await expect(desk.client.callTool({ name: 'files__list_directory', arguments: {} })).rejects.toThrow(
      'Unknown tool',
    );
  });
});
