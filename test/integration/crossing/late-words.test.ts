import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCapableClient, type CapableClient } from '../../support/capable-client.ts';
import { nonceStdio } from '../../support/nonce-server-entry.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';

describe('two clients of one shared process', () => {
  let gateway: GatewayProcess;
  let first: CapableClient;
  let second: CapableClient;

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: { shared: { ...nonceStdio(), session: 'shared' } } } });
    first = await connectCapableClient(gateway, '/mcp');
    second = await connectCapableClient(gateway, '/mcp');
  });

  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await gateway.stop();
  });

  it('S19: what it says for one after its answer does not reach the other, which alone is at work by then', async () => {
    await first.client.callTool({ name: 'shared__say_later', arguments: { nonce: 'for the first' } });
    await second.client.callTool({ name: 'shared__say_now', arguments: {} });
    expect(second.heard.filter(({ method }) => method === 'notifications/message')).toEqual([]);
  });
});
