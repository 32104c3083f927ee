// What the suite's client leg of 2026-07-28 runs: `node modern-client-under-test.ts VARIANT URL`. It puts the gateway
// between the suite's server at URL and the official SDK's client of that era, and does with it what the scenario asks for.
import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { sdkV2Client } from '../support/sdk-v2-client.ts';
import { startVariant } from './client-leg-variants.ts';

const [variant = '', url = ''] = process.argv.slice(2);
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const contextSchema = z.object({
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).default([]),
});
const context = contextSchema.parse(JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}'));

async function callAll(client: Client, names: readonly string[]): Promise<void> {
  for (const name of names) await client.callTool({ name, arguments: {} });
}

async function useEverything(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  await callAll(
    client,
    tools.map(({ name }) => name),
  );
  const { resources } = await client.listResources();
  for (const { uri } of resources) await client.readResource({ uri });
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name });
}

const plays: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  tools_call: async (client) => {
    await client.listTools();
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
  },
  'request-metadata': (client) => client.listTools(),
  'json-schema-ref-no-deref': (client) => client.listTools(),
  'http-standard-headers': useEverything,
  'http-custom-headers': async (client) => {
    await client.listTools();
    for (const call of context.toolCalls) await client.callTool(call);
  },
  'http-invalid-tool-headers': async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) await client.callTool({ name, arguments: { region: 'us-west1' } });
  },
  'sep-2322-client-request-state': async (client) => {
    await client.listTools();
    const asking = client.callTool({ name: 'test_mrtr_echo_state', arguments: {} });
    await callAll(client, ['test_mrtr_unrelated', 'test_mrtr_no_state', 'test_mrtr_no_result_type']);
    await asking;
  },
};

const play = plays[scenario];
if (play === undefined) throw new Error(`There is nothing to do here for the scenario "${scenario}".`);
const gateway = await startVariant(variant, url);
try {
  await using me = await sdkV2Client(gateway, '/servers/fixture/mcp', {
    capabilities: { elicitation: { form: {} } },
    prepare: (client) => {
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirmed: true } }));
    },
  });
  await play(me.client);
} finally {
  await gateway.stop();
}
