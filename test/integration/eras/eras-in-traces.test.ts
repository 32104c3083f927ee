import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess, type TraceLine } from '../../support/gateway-process.ts';
import { openModernClient } from '../../support/modern-client.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const LEGACY = '2025-11-25';
const MODERN = '2026-07-28';

const SERVERS = {
  older: { version: LEGACY, tool: 'echo_text', args: { text: 'hello' } },
  newer: { version: MODERN, tool: 'test_simple_text', args: {} },
} as const;

type ServerName = keyof typeof SERVERS;

let http: ModernHttpFixture;
let gateway: GatewayProcess;
/** The trace of one call of each client to each server. */
const traceIds = new Map<string, string>();

async function callAs(client: 'legacy' | 'modern', server: ServerName): Promise<string> {
  const { tool, args } = SERVERS[server];
  const { traceparent, traceId } = newCallerContext();
  const path = `/servers/${server}/mcp`;
  if (client === 'modern') await openModernClient(gateway, path).callTool(tool, args, { meta: { traceparent } });
  else await (await openRawSession(gateway, path)).callTool(tool, args, { traceparent });
  await gateway.finishedSpans(traceId);
  return traceId;
}

beforeAll(async () => {
  http = await startModernHttpFixture({ modernOnly: true });
  const mcpServers = { newer: { type: 'http', url: http.url }, older: workbenchStdio() };
  gateway = await startGateway({ config: { mcpServers } });
  for (const client of ['legacy', 'modern'] as const)
    for (const server of ['older', 'newer'] as const) traceIds.set(`${client} ${server}`, await callAs(client, server));
});

afterAll(async () => {
  await gateway.stop();
  await http.close();
});

async function ask(query: string): Promise<Response> {
  return gateway.rest(`/api/traces?limit=1000&q=${encodeURIComponent(query)}`);
}

/** Which of the four calls a filter finds. */
async function found(query: string): Promise<readonly string[]> {
  const traces = (await (await ask(query)).json()) as readonly TraceLine[];
  const ids = new Set(traces.map(({ traceId }) => traceId));
  return [...traceIds].flatMap(([call, id]) => (ids.has(id) ? [call] : [])).sort();
}

describe('the eras of the peers of a call', () => {
  it.each([
    ['legacy', 'older', LEGACY, LEGACY],
    ['legacy', 'newer', LEGACY, MODERN],
    ['modern', 'older', MODERN, LEGACY],
    ['modern', 'newer', MODERN, MODERN],
  ])('of a %s client to the %s server are told by its spans', async (client, server, ofClient, ofServer) => {
    const spans = await gateway.finishedSpans(traceIds.get(`${client} ${server}`) ?? '');
    const versionOf = (name: string) => spans.find((span) => span.name === name)?.attributes['mcp.protocol.version'];
    expect(versionOf('tool.invoke')).toBe(ofClient);
    expect(versionOf('mcp.client.call')).toBe(ofServer);
  });

  it('are told in the list of traces', async () => {
    const traces = (await (await ask('client:modern-client server:older method:tools/call')).json()) as unknown;
    expect(traces).toMatchObject([{ clientProtocol: MODERN, serverProtocols: [LEGACY] }]);
  });

  it('are told of a handshake once the client and the gateway have agreed', async () => {
    const trace = await gateway.waitForTrace(
      'the handshake of the session with the server of the newer era',
      ({ method, serverIds, openSpanCount }) =>
        method === 'initialize' && (serverIds as readonly string[]).includes('newer') && openSpanCount === 0,
    );
    expect(trace).toMatchObject({ clientProtocol: LEGACY, serverProtocols: [MODERN] });
  });

  it('are told of what the gateway does by itself, by the servers alone', async () => {
    const connected = (server: string) =>
      gateway.waitForTrace(
        `the gateway connected to ${server}`,
        ({ name, serverIds, openSpanCount }) =>
          name === 'server.connect' && (serverIds as readonly string[]).includes(server) && openSpanCount === 0,
      );
    expect(await connected('newer')).toMatchObject({ clientProtocol: null, serverProtocols: [MODERN] });
    expect(await connected('older')).toMatchObject({ clientProtocol: null, serverProtocols: [LEGACY] });
  });
});

describe('era: in a filter over REST', () => {
  it.each<[string, readonly string[]]>([
    ['era:modern', ['legacy newer', 'modern newer', 'modern older']],
    ['era:legacy', ['legacy newer', 'legacy older', 'modern older']],
    ['era:modern era:legacy', ['legacy newer', 'modern older']],
    ['-era:legacy', ['modern newer']],
    ['-era:modern', ['legacy older']],
    [`era:${LEGACY} server:newer`, ['legacy newer']],
    ['era:2024-11-05', []],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('says what it takes when it is given something else', async () => {
    const response = await ask('era:blue');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('use modern, legacy or a protocol version such as 2025-06-18');
  });
});

it('keeps the version of a client that is refused its call', async () => {
  const { traceparent, traceId } = newCallerContext();
  await openModernClient(gateway, '/mcp').callTool('nobody__nothing', {}, { meta: { traceparent } });
  const trace = await eventually('the call has ended', async () => {
    const [line] = (await (await ask(`trace:${traceId}`)).json()) as readonly TraceLine[];
    return line?.openSpanCount === 0 && line;
  });
  expect(trace).toMatchObject({ clientProtocol: MODERN, serverProtocols: [] });
});
