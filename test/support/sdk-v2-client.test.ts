import { afterEach, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import type { ModernEndpoint } from './modern-client.ts';
import { sdkV2Client } from './sdk-v2-client.ts';

describe('the official client of MCP 2026-07-28', () => {
  let fixture: ModernHttpFixture;

  async function start(modernOnly: boolean): Promise<ModernEndpoint> {
    fixture = await startModernHttpFixture({ modernOnly });
    return { origin: new URL(fixture.url).origin };
  }

  afterEach(async () => {
    await fixture.close();
  });

  it.each([
    ['modern', 'modern', true],
    ['auto', 'modern', false],
    ['legacy', 'legacy', false],
  ] as const)('with era %s speaks %s to a server', async (era, spoken, modernOnly) => {
    await using connected = await sdkV2Client(await start(modernOnly), '/mcp', { era });
    expect(connected.client.getProtocolEra()).toBe(spoken);
    const { content } = await connected.client.callTool({ name: 'test_simple_text', arguments: {} });
    expect(content).toEqual([{ type: 'text', text: 'This is a simple text response for testing.' }]);
  });

  it('fills in the form that a call needs, and calls again', async () => {
    await using connected = await sdkV2Client(await start(true), '/mcp', {
      capabilities: { elicitation: {} },
      prepare(client) {
        client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
      },
    });
    const { content } = await connected.client.callTool({
      name: 'test_input_required_result_elicitation',
      arguments: {},
    });
    expect(content).toEqual([{ type: 'text', text: 'Hello, Ada!' }]);
    expect(fixture.requests().filter((what) => what.startsWith('tools/call'))).toHaveLength(2);
  });

  it('sends the header parameters that a tool declares', async () => {
    await using connected = await sdkV2Client(await start(true), '/mcp');
    await connected.client.listTools();
    const { content } = await connected.client.callTool({
      name: 'test_header_params',
      arguments: { region: 'Z\u00fcrich', priority: 2 },
    });
    expect(content).toEqual([{ type: 'text', text: '{"region":"Z\u00fcrich","priority":2}' }]);
    expect(fixture.requests().filter((what) => what.startsWith('tools/call'))).toHaveLength(1);
  });
});
