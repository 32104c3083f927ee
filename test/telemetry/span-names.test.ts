import { describe, expect, it } from 'vitest';
import { exchangeName, operationName } from '../../src/telemetry/span-names.ts';

describe('span names', () => {
  it('has a name for every MCP method', () => {
    expect(['tools/call', 'prompts/get', 'resources/read', 'initialize'].map(operationName)).toEqual([
      'tool.invoke',
      'prompt.render',
      'resource.read',
      'mcp.initialize',
    ]);
  });

  it('names notifications and unknown methods after themselves', () => {
    expect(operationName('notifications/tools/list_changed')).toBe('notification.tools.list_changed');
    expect(operationName('tasks/get')).toBe('mcp.tasks/get');
  });

  it('R5: lets no caller write into a span name', () => {
    expect(operationName('x token=SECRET')).toBe('mcp.unknown');
    expect(operationName('constructor')).toBe('mcp.constructor');
    expect(operationName('a'.repeat(65))).toBe('mcp.unknown');
    expect(exchangeName('POST /x SECRET', '/servers/{id}/mcp')).toBe('HTTP /servers/{id}/mcp');
  });
});
