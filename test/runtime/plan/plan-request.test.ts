import { describe, expect, it } from 'vitest';
import { readPlanRequest, type AskedPlan } from '../../../src/runtime/plan/plan-request.ts';

function read(body: string): AskedPlan {
  const asked = readPlanRequest(body);
  if (!asked.ok) throw new Error(asked.error);
  return asked.value;
}

describe('what a plan is asked for', () => {
  it('is a call of a tool, whose params stay as they were written', () => {
    const params = '{"name": "add",  "arguments": {"a": 1.0, "b": 12345678901234567890}}';
    const { request, serverId } = read(`{"method": "tools/call", "server": "calc", "params": ${params}}`);
    expect(request.text).toBe(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
    expect(serverId).toBe('calc');
  });

  it('may be a whole JSON-RPC request, which keeps its id and nothing that is no part of it', () => {
    const { request, serverId } = read(
      '{"jsonrpc":"2.0","id":"seven","method":"tools/call","params":{"name":"add"},"more":1}',
    );
    expect(request.text).toBe('{"jsonrpc":"2.0","id":"seven","method":"tools/call","params":{"name":"add"}}');
    expect(serverId).toBeNull();
  });

  it.each([
    ['no JSON', '{', /JSON object/],
    ['no object', '[]', /JSON object/],
    ['another method', '{"method":"tools/list","params":{}}', /tools\/call/],
    ['no params', '{"method":"tools/call"}', /"params"/],
    ['no name', '{"method":"tools/call","params":{"arguments":{}}}', /"name"/],
    ['a name that is no text', '{"method":"tools/call","params":{"name":1}}', /"name"/],
    ['no name of a server', '{"method":"tools/call","server":"../x","params":{"name":"a"}}', /"server"/],
  ])('is refused in one sentence where it has %s', (_what, body, sentence) => {
    const asked = readPlanRequest(body);
    expect(asked.ok ? '' : asked.error).toMatch(sentence);
  });
});
