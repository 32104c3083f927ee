import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { mcpHeaderValue, openModernClient } from '../../support/modern-client.ts';
import { sdkV2Client } from '../../support/sdk-v2-client.ts';
import { startBridge } from '../bridge/bridge-process.ts';

const home = temporaryFolder();

let server: ModernHttpFixture;
let gateway: GatewayProcess;

beforeAll(async () => {
  server = await startModernHttpFixture({ modernOnly: true });
  gateway = await startGateway({ home, config: { mcpServers: { fixture: { type: 'http', url: server.url } } } });
});

afterAll(async () => {
  await gateway.stop();
  await server.close();
});

const timesAsked = (method: string): number => server.requests().filter((asked) => asked === method).length;

describe('lists of a server without sessions, for two clients of the official SDK', () => {
  it('are asked for once where the server calls them public, and by each client where it calls them private', async () => {
    // The last of the lists that the gateway reads for itself; a client that connects waits until it is done with it.
    await eventually('the gateway has read the lists', () => timesAsked('resources/templates/list') > 0);
    await using one = await sdkV2Client(gateway, '/mcp');
    await using another = await sdkV2Client(gateway, '/mcp');
    const before = { tools: timesAsked('tools/list'), prompts: timesAsked('prompts/list') };
    for (const { client } of [one, another]) {
      const { tools, ttlMs, cacheScope } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('fixture__test_simple_text');
      expect({ cacheScope, isHeld: Number(ttlMs) > 0 && Number(ttlMs) <= 60_000 }).toEqual({
        cacheScope: 'public',
        isHeld: true,
      });
      const { prompts, ...prompted } = await client.listPrompts();
      expect(prompts.length).toBeGreaterThan(0);
      expect(prompted).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
    }
    expect(timesAsked('tools/list') - before.tools).toBe(1);
    expect(timesAsked('prompts/list') - before.prompts).toBe(2);
  });
});

const ARGUMENTS = { region: 'Köln', priority: 42 };
const SAID = { content: [{ type: 'text', text: JSON.stringify(ARGUMENTS) }] };

describe('a tool whose arguments are repeated in headers, of a server that checks them', () => {
  it.each([
    ['/mcp', 'fixture__test_header_params'],
    ['/servers/fixture/mcp', 'test_header_params'],
  ])('is called at %s by the official SDK, and not without the headers', async (path, name) => {
    await using me = await sdkV2Client(gateway, path);
    await me.client.listTools();
    expect(await me.client.callTool({ name, arguments: ARGUMENTS })).toMatchObject(SAID);
    const before = timesAsked('tools/call test_header_params');
    const raw = openModernClient(gateway, path);
    for (const headers of [{}, { 'Mcp-Param-Region': mcpHeaderValue('Bonn'), 'Mcp-Param-Priority': '42' }])
      expect(await raw.callTool(name, ARGUMENTS, { headers })).toMatchObject({ status: 400, error: { code: -32_020 } });
    expect(timesAsked('tools/call test_header_params')).toBe(before);
    const right = { 'Mcp-Param-Region': mcpHeaderValue('Köln'), 'Mcp-Param-Priority': '42' };
    expect((await raw.callTool(name, ARGUMENTS, { headers: right })).result).toMatchObject(SAID);
  });

  it('is called through the bridge, whose client knows nothing of headers', async () => {
    const bridge = startBridge(['--no-start'], { home });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'on stdio', version: '1' },
    };
    const params = { name: 'fixture__test_header_params', arguments: ARGUMENTS, _meta };
    bridge.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect(await bridge.answerTo(1)).toMatchObject({ result: SAID });
    bridge.child.stdin.end();
    expect(await bridge.exited).toEqual({ code: 0, signal: null });
  });
});
