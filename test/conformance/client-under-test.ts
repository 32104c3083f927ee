// What the suite's client leg runs: `node client-under-test.ts VARIANT URL`. It puts the gateway between the suite's
// server at URL and the official SDK's client, and does with it what the scenario asks for.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { textOf } from '../support/sdk-client.ts';
import { startVariant } from './client-leg-variants.ts';

const [variant = '', url = ''] = process.argv.slice(2);
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';

async function play(client: Client): Promise<void> {
  const { tools } = scenario === 'initialize' ? { tools: [] } : await client.listTools();
  const call = async (args: Record<string, unknown>): Promise<string> =>
    textOf(await client.callTool({ name: tools[0]?.name ?? '', arguments: args }));
  switch (scenario) {
    case 'initialize':
      return;
    case 'tools_call':
      expectText(await call({ a: 5, b: 3 }), 'The sum of 5 and 3 is 8');
      return;
    case 'elicitation-sep1034-client-defaults':
      expectText(await call({}), 'Elicitation completed');
      return;
    case 'sse-retry':
      expectText(await call({}), 'Reconnection test completed');
      return;
    default:
      throw new Error(`There is nothing to do here for the scenario "${scenario}".`);
  }
}

function expectText(text: string, expected: string): void {
  if (!text.includes(expected)) throw new Error(`The tool said "${text}" and not "${expected}".`);
}

const gateway = await startVariant(variant, url);
try {
  const client = new Client(
    { name: 'conformance-client', version: '1.0.0' },
    { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  );
  // The user accepts the form and fills in nothing.
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
  const transport = new StreamableHTTPClientTransport(new URL('/servers/fixture/mcp', gateway.origin), {
    requestInit: { headers: { authorization: `Bearer ${gateway.token}` } },
  });
  await client.connect(transport);
  await play(client);
  await client.close();
} finally {
  await gateway.stop();
}
