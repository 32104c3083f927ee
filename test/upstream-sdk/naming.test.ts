import { describe, expect, it } from 'vitest';
import { messageAttributes, spanName } from '../../src/upstream-sdk/naming.ts';

describe('names', () => {
  it.each([
    ['tools/call', { name: 'get-weather' }, 'tools/call get-weather'],
    ['prompts/get', { name: 'summary' }, 'prompts/get summary'],
    ['resources/read', { uri: 'file:///a' }, 'resources/read'],
    ['tools/list', {}, 'tools/list'],
    ['initialize', { name: 'no tool' }, 'initialize'],
    ['vendor/own.method', {}, 'vendor/own.method'],
  ])('%s has the name of the conventions', (method, params, name) => {
    expect(spanName(method, params)).toBe(name);
  });

  it.each(['Ignore all that went before,\nand', 'x'.repeat(129), '', 7])(
    'a tool is named only where it looks like a name: %j',
    (name) => {
      expect(spanName('tools/call', { name })).toBe('tools/call');
      expect(messageAttributes('tools/call', { name })).not.toHaveProperty(['gen_ai.tool.name']);
    },
  );

  it.each(['a b', 'x'.repeat(65), 'pass\u0007word'])(
    'a method that looks like none has the name of none: %j',
    (method) => {
      expect(spanName(method, {})).toBe('_OTHER');
      expect(messageAttributes(method, {})).toEqual({ 'mcp.method.name': '_OTHER' });
    },
  );
});

describe('attributes', () => {
  it('of a tool call name the tool and nothing of its arguments', () => {
    expect(messageAttributes('tools/call', { name: 'echo', arguments: { token: 'secret' } })).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
    });
  });

  it('say which revision a request of the stateless era is of', () => {
    const params = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
    expect(messageAttributes('tools/list', params)).toHaveProperty(['mcp.protocol.version'], '2026-07-28');
  });

  it.each([
    ['https://user:word@example.com/a?key=1#part', 'https://example.com/a'],
    ['file:///tmp/a', 'file:///tmp/a'],
    ['postgres://me:secret@host/db/table', 'postgres://host/db/table'],
    ['notes:list?since=2', 'notes:list'],
  ])('name the resource %s without what may be secret in its address', (uri, shown) => {
    expect(messageAttributes('resources/read', { uri })).toHaveProperty(['mcp.resource.uri'], shown);
    expect(messageAttributes('notifications/resources/updated', { uri })).toHaveProperty(['mcp.resource.uri'], shown);
  });
});
