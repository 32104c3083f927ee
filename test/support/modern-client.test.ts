import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { eventually } from './eventually.ts';
import { mcpHeaderValue, openModernClient, type ModernClient, type ModernClientOptions } from './modern-client.ts';

describe('the raw client of MCP 2026-07-28, against a server that takes nothing older', () => {
  let fixture: ModernHttpFixture;
  const clientWith = (options?: ModernClientOptions): ModernClient =>
    openModernClient({ origin: new URL(fixture.url).origin }, '/mcp', options);

  beforeAll(async () => {
    fixture = await startModernHttpFixture({ modernOnly: true });
  });

  afterAll(async () => {
    await fixture.close();
  });

  it('sends what the server asks of every request', async () => {
    const { status, result, error } = await clientWith().send('server/discover');
    expect({ status, error }).toEqual({ status: 200, error: undefined });
    expect(result).toMatchObject({ resultType: 'complete', supportedVersions: ['2026-07-28'] });
  });

  it('reads the messages that come before the result', async () => {
    const client = clientWith({ logLevel: 'info' });
    const { messages, result } = await client.callTool('test_tool_with_logging');
    expect(messages.map((message) => message['method'])).toEqual([
      'notifications/message',
      'notifications/message',
      'notifications/message',
      undefined,
    ]);
    expect(result).toMatchObject({ content: [{ type: 'text' }] });
  });

  it('asks for no log messages unless it is given a level', async () => {
    const { messages } = await clientWith().callTool('test_tool_with_logging');
    expect(messages).toHaveLength(1);
  });

  it.each([
    ['a header that differs from the body', { headers: { 'Mcp-Name': 'another_tool' } }, -32020],
    ['a header that is missing', { headers: { 'Mcp-Method': undefined } }, -32020],
    ['no envelope', { meta: null }, -32602],
    ['no capabilities', { meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }, -32602],
    [
      'another version in header and body',
      { meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } },
      -32022,
    ],
  ])('can send %s', async (_what, options, code) => {
    const { status, error } = await clientWith().callTool('test_simple_text', {}, options);
    expect({ status, code: error?.code }).toEqual({ status: 400, code });
  });

  it('declares its capabilities', async () => {
    const refused = await clientWith().callTool('test_missing_capability');
    expect({ status: refused.status, code: refused.error?.code }).toEqual({ status: 400, code: -32021 });
    const asked = await clientWith({ capabilities: { sampling: {} } }).callTool('test_missing_capability');
    expect(asked.result?.['resultType']).toBe('input_required');
  });

  it.each(['prompt \u2713', ' padded ', '=?base64?x?='])('sends the name %j in a header', async (name) => {
    const { error } = await clientWith().send('prompts/get', { name });
    expect(error).toMatchObject({ code: -32602, message: `Unknown prompt: ${name}` });
  });

  it('leaves a name as it is where a header can hold it', () => {
    expect(mcpHeaderValue('test://static-text')).toBe('test://static-text');
  });

  it('listens: what was asked for, tagged with the request, until it hangs up', async () => {
    const client = clientWith();
    await using stream = await client.listen({ promptsListChanged: true });
    const _meta = { 'io.modelcontextprotocol/subscriptionId': stream.id };
    expect(await stream.next()).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { _meta },
    });
    await client.callTool('test_trigger_tool_change');
    await client.callTool('test_trigger_prompt_change');
    expect(await stream.next()).toMatchObject({ method: 'notifications/prompts/list_changed', params: { _meta } });
    const more = stream.next();
    await stream.close();
    expect(await more).toBeNull();
    expect(await stream.next()).toBeNull();
  });

  it('cancels a call by hanging up', async () => {
    const calling = new AbortController();
    const call = clientWith().callTool('test_wait_until_cancelled', {}, { signal: calling.signal });
    await eventually('the call arrives', () => fixture.requests().includes('tools/call test_wait_until_cancelled'));
    calling.abort();
    await expect(call).rejects.toThrow();
    await eventually('the server is told', () => fixture.requests().includes('cancelled test_wait_until_cancelled'));
  });
});
