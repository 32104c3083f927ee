import { describe, expect, it } from 'vitest';
import type { OperationStart, ResultCount, UpstreamCallStart } from '../../src/gateway/observer.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { Attributes } from '../../src/shared/domain/span.ts';
import { SEMCONV_REVISION } from '../../src/telemetry/semconv.ts';
import { EXCHANGE, RESULT, startRecording, stillClock, TOOL_CALL, UPSTREAM_CALL } from './recorded.ts';

interface Asked {
  readonly start: Partial<OperationStart>;
  readonly target?: string;
  readonly count?: ResultCount;
}

/** Attributes of an operation that took 2.5 ms. */
async function operationAttributes({ start, target, count }: Asked): Promise<Attributes> {
  const clock = stillClock();
  const { observer, spans } = startRecording(clock);
  const operation = observer.exchange(EXCHANGE).operation({ ...TOOL_CALL, ...start });
  if (target !== undefined) operation.routed('one' as ServerId, target);
  clock.move(2.5);
  operation.end({ ...RESULT, count });
  return (await spans())[1]?.attributes ?? {};
}

async function callAttributes(start: Partial<UpstreamCallStart>): Promise<Attributes> {
  const { observer, spans } = startRecording();
  const operation = observer.exchange(EXCHANGE).operation(TOOL_CALL);
  operation.upstreamCall({ ...UPSTREAM_CALL, ...start }).end(RESULT);
  return (await spans())[2]?.attributes ?? {};
}

describe('the attributes of an operation', () => {
  it('R94: of a tool call are those of the conventions and the seed’s beside them', async () => {
    expect(await operationAttributes({ start: { target: 'one__echo' }, target: 'echo' })).toEqual({
      'mcp.method.name': 'tools/call',
      'jsonrpc.request.id': '7',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
      'tool.name': 'one__echo',
      'tool.gateway_id': 'one',
      'tool.integration_type': 'MCP',
      arguments_count: 2,
      'throughline.server.id': 'one',
      success: true,
      'duration.ms': 2.5,
    });
  });

  it('R94: of a prompt', async () => {
    const start = { method: 'prompts/get', target: 'one__hello', params: { arguments: { to: 'you' } } };
    const count = { what: 'messages', value: 3 } as const;
    expect(await operationAttributes({ start, target: 'hello', count })).toEqual({
      'mcp.method.name': 'prompts/get',
      'jsonrpc.request.id': '7',
      'gen_ai.prompt.name': 'hello',
      'prompt.id': 'one__hello',
      arguments_count: 1,
      'messages.count': 3,
      'throughline.server.id': 'one',
      success: true,
      'duration.ms': 2.5,
    });
  });

  it('R94: of a resource', async () => {
    const start = { method: 'resources/read', target: 'one+file:///a' };
    const count = { what: 'content', value: 1 } as const;
    expect(await operationAttributes({ start, target: 'file:///a', count })).toEqual({
      'mcp.method.name': 'resources/read',
      'jsonrpc.request.id': '7',
      'mcp.resource.uri': 'file:///a',
      'resource.uri': 'one+file:///a',
      'content.count': 1,
      'throughline.server.id': 'one',
      success: true,
      'duration.ms': 2.5,
    });
  });

  it('name the level that logging was set to, and the virtual server at whose address a message came in', async () => {
    const start = { method: 'logging/setLevel', target: null, params: { level: 'warning' }, virtualServerId: 'team' };
    expect(await operationAttributes({ start })).toMatchObject({ 'logging.level': 'warning', server_id: 'team' });
  });
});

describe('the attributes of a call', () => {
  const address = { host: '127.0.0.1', port: 3_000, path: '/mcp', url: 'http://127.0.0.1:3000/mcp' };

  it('R46: name the address of a server reached over HTTP, and which kind of HTTP', async () => {
    const expected = {
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'server.address': '127.0.0.1',
      'server.port': 3_000,
      'url.path': '/mcp',
      'url.full': 'http://127.0.0.1:3000/mcp',
    };
    expect(await callAttributes({ transport: 'http', address })).toMatchObject({
      ...expected,
      'throughline.transport': 'streamablehttp',
    });
    expect(await callAttributes({ transport: 'sse', address })).toMatchObject({
      ...expected,
      'throughline.transport': 'sse',
    });
  });

  it('R51: number the attempts after the first', async () => {
    expect(await callAttributes({ attempt: 1 })).not.toHaveProperty('retry_attempt');
    expect(await callAttributes({ attempt: 2 })).toMatchObject({ retry_attempt: 2 });
  });
});

describe('the resource of all spans', () => {
  it('R94: says of which revision of the conventions their keys are', async () => {
    const { observer, spans } = startRecording();
    observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
    const [root] = await spans();
    expect(root?.origin.resource).toEqual({
      'service.name': 'throughline',
      'service.version': '1',
      'throughline.semconv': SEMCONV_REVISION,
    });
    expect(SEMCONV_REVISION).toMatch(/^semantic-conventions-genai@[0-9a-f]{12}$/);
  });
});
