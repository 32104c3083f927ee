import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type HttpListener } from '../../fixtures/servers/http-listener.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { runInspector } from '../../support/inspector-cli.ts';
import { openModernClient } from '../../support/modern-client.ts';
import { context7Stdio, sequentialThinkingStdio } from '../../support/package-servers.ts';
import { sdkClient, textOf } from '../../support/sdk-client.ts';
import { sdkV2Client } from '../../support/sdk-v2-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const ENDPOINTS = [
  { path: '/servers/docs/mcp', prefix: '' },
  { path: '/mcp', prefix: 'docs__' },
] as const;
const FOUND = 'The engine weaves algebraic patterns.';
const UNREACHABLE = 'Error fetching library context. Please try again later. TypeError: fetch failed';

const found = { libraryId: '/ada/engine', query: 'What does it weave?' };
const unreachable = { libraryId: '/nobody/nothing', query: 'Is anybody there?' };

let service: HttpListener;
let gateway: GatewayProcess;

/** Stands in for the service that context7 asks: it knows one library, and hangs up on those who ask for another. */
async function startService(): Promise<HttpListener> {
  return await listen(async (request, response) => {
    if (request.url?.includes(encodeURIComponent(found.libraryId)) === true) response.end(FOUND);
    else response.destroy();
  });
}

beforeAll(async () => {
  service = await startService();
  const mcpServers = { docs: context7Stdio(service.origin), thinking: sequentialThinkingStdio() };
  gateway = await startGateway({ config: { mcpServers } });
  // A client that chooses its era takes a server that is still starting for one of the era before.
  const client = openModernClient(gateway, '/servers/docs/mcp');
  await eventually('the server is there', async () => (await client.send('server/discover')).result ?? null);
});

afterAll(async () => {
  await gateway.stop();
  await service.close();
});

const clients = {
  async modern(path: string) {
    const { client, ...connected } = await sdkV2Client(gateway, path, { era: 'auto' });
    expect(client.getProtocolEra()).toBe('modern');
    return { client, ...connected };
  },
  legacy: (path: string) => sdkClient(gateway, path),
};

const THOUGHT = { thought: 'first', thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false };

describe('a server of the stateless era that others wrote, behind one gateway with one of the era before', () => {
  describe.each(['modern', 'legacy'] as const)('for the official SDK, %s', (era) => {
    it.each(ENDPOINTS)('lists and calls its tools at $path', async ({ path, prefix }) => {
      await using me = await clients[era](path);
      const { tools } = await me.client.listTools();
      const names = tools.map(({ name }) => name).filter((name) => name.startsWith(prefix));
      expect(names.toSorted()).toEqual([`${prefix}query-docs`, `${prefix}resolve-library-id`]);
      expect(textOf(await me.client.callTool({ name: `${prefix}query-docs`, arguments: found }))).toBe(FOUND);
    });

    it.each(ENDPOINTS)('passes on at $path what it says when it fails', async ({ path, prefix }) => {
      await using me = await clients[era](path);
      const lost = await me.client.callTool({ name: `${prefix}query-docs`, arguments: unreachable });
      expect(textOf(lost)).toBe(UNREACHABLE);
      const wrong = await me.client.callTool({ name: `${prefix}query-docs`, arguments: {} });
      expect(wrong.isError).toBe(true);
      expect(textOf(wrong)).toContain('Invalid arguments for tool query-docs: libraryId');
    });

    it('refuses a tool that is not there in the words of the server', async () => {
      await using me = await clients[era]('/servers/docs/mcp');
      await expect(me.client.callTool({ name: 'nothing' })).rejects.toMatchObject({
        code: -32_602,
        message: expect.stringMatching(/Tool nothing not found$/),
      });
    });

    it('calls the server of the other era beside it', async () => {
      await using me = await clients[era]('/mcp');
      const answer = await me.client.callTool({ name: 'thinking__sequentialthinking', arguments: THOUGHT });
      expect(textOf(answer)).toContain('thoughtHistoryLength');
    });

    it('shows in the trace of a call which revision is spoken with the server', async () => {
      await using me = await clients[era]('/servers/docs/mcp');
      const { traceparent, traceId } = newCallerContext();
      await me.client.callTool({ name: 'query-docs', arguments: found, _meta: { traceparent } });
      const spans = await gateway.finishedSpans(traceId);
      const versions = ['tool.invoke', 'mcp.client.call'].map(
        (span) => spans.find(({ name }) => name === span)?.attributes['mcp.protocol.version'],
      );
      expect(versions).toEqual([era === 'modern' ? '2026-07-28' : '2025-11-25', '2026-07-28']);
    });
  });

  describe.each(['modern', 'legacy'] as const)('for the MCP Inspector, %s', (era) => {
    const ask = async (path: string, method: string, ...more: readonly string[]): Promise<string> => {
      const run = await runInspector(gateway, path, '--protocol-era', era, '--method', method, ...more);
      expect(run).toMatchObject({ code: 0 });
      return run.stdout;
    };

    it.each(ENDPOINTS)('lists and calls its tools at $path', async ({ path, prefix }) => {
      expect(await ask(path, 'tools/list')).toContain(`"${prefix}resolve-library-id"`);
      const args = Object.entries(found).map(([name, value]) => `${name}=${value}`);
      const named = ['--tool-name', `${prefix}query-docs`, '--tool-arg', ...args];
      expect(await ask(path, 'tools/call', ...named)).toContain(FOUND);
    });
  });
});
