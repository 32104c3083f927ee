import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { GatewayProcess } from './gateway-process.ts';

export interface SdkClient extends AsyncDisposable {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
}

/** The official SDK's client on one endpoint of the gateway: `/mcp` or `/servers/{id}/mcp`. */
export async function sdkClient(gateway: GatewayProcess, path: string, name = 'sdk-client'): Promise<SdkClient> {
  const transport = new StreamableHTTPClientTransport(new URL(path, gateway.origin), {
    requestInit: { headers: { authorization: `Bearer ${gateway.token}` } },
  });
  const client = new Client({ name, version: '1.0.0' });
  await client.connect(transport);
  return {
    client,
    transport,
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}

/** What the one text block of a result says. */
export function textOf(result: unknown): string {
  const block = (result as CallToolResult).content[0];
  if (block?.type !== 'text') throw new Error(`Not one text block: ${JSON.stringify(result)}`);
  return block.text;
}

/** The name under which `/mcp` offers a tool of a server: it ends in the server's own name for it. */
export async function exposedName(client: Client, serverId: string, tool: string): Promise<string> {
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name).filter((name) => name.startsWith(serverId) && name.endsWith(tool));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`${names.length} tools are named ${serverId} … ${tool}`);
  return name;
}
