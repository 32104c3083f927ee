import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { VirtualMember } from '../../../src/shared/domain/virtual-server.ts';
import { answerError, answerText, type RawSession } from '../../support/raw-session.ts';
import {
  contents,
  listed,
  resourceList,
  startScripted,
  templateList,
  toolList,
  type Script,
  type ScriptedGateway,
} from '../../support/scripted-servers.ts';

const script: Script = {
  capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
  refusal: { code: -32002, message: 'Resource not found' },
  results: {
    'tools/list': toolList('one', 'two'),
    'prompts/list': '{"prompts":[{"name":"p1"},{"name":"p2"}]}',
    'prompts/get': '{"messages":[]}',
    'resources/list': resourceList('x://1', 'x://2'),
    'resources/templates/list': templateList('y://{id}'),
    'resources/read x://1': contents('x://1', '1'),
    'resources/read x://2': contents('x://2', '2'),
    'resources/read y://7': contents('y://7', '7'),
    'completion/complete': '{"completion":{"values":[]}}',
  },
};

function define({ gateway }: ScriptedGateway, members: Readonly<Record<string, VirtualMember>>): void {
  const entries = Object.entries(members).map(([id, member]): [ServerId, VirtualMember] => [id as ServerId, member]);
  gateway.virtualServers.set('part' as ServerId, { description: null, members: new Map(entries) });
}

async function codeOf(session: RawSession, method: string, params: Readonly<Record<string, unknown>>): Promise<number> {
  const answer = await session.request(method, params);
  return 'error' in answer ? answerError(answer).code : 0;
}

describe('a virtual server', () => {
  let scripted: ScriptedGateway;
  let session: RawSession;

  beforeAll(async () => {
    scripted = await startScripted({ a: script, b: script, c: script });
    define(scripted, {
      a: { tools: ['two', 'absent'], prompts: ['p1'], resources: ['x://1'] },
      b: { tools: [], prompts: 'all', resources: 'all' },
      missing: { tools: 'all', prompts: 'all', resources: 'all' },
    });
    session = await scripted.open('/servers/part/mcp');
  });

  afterAll(() => scripted[Symbol.asyncDispose]());

  it('lists what was chosen, under the names of the common endpoint', async () => {
    expect(await listed(session, 'tools', 'name')).toEqual(['a__two']);
    expect(await listed(session, 'prompts', 'name')).toEqual(['a__p1', 'b__p1', 'b__p2']);
    expect(await listed(session, 'resources', 'uri')).toEqual(['x://1', 'throughline:b:x://1', 'throughline:b:x://2']);
    expect(await listed(session, 'resources/templates', 'uriTemplate')).toEqual(['throughline:b:y://{id}']);
  });

  it('takes calls of what was chosen, also when it is in no list', async () => {
    const names = [];
    for (const name of ['a__two', 'a__absent']) names.push(JSON.parse(answerText(await session.callTool(name, {}))));
    expect(names).toMatchObject([{ name: 'two' }, { name: 'absent' }]);
    expect(await codeOf(session, 'prompts/get', { name: 'b__p2' })).toBe(0);
    expect(await codeOf(session, 'resources/read', { uri: 'x://1' })).toBe(0);
    expect(await codeOf(session, 'resources/read', { uri: 'throughline:b:y://7' })).toBe(0);
  });

  it.each([
    ['tools/call', { name: 'a__one' }, { name: 'd__one' }],
    ['tools/call', { name: 'b__one' }, { name: 'd__one' }],
    ['tools/call', { name: 'c__one' }, { name: 'd__one' }],
    ['prompts/get', { name: 'a__p2' }, { name: 'd__p2' }],
    ['resources/read', { uri: 'throughline:a:x://2' }, { uri: 'throughline:d:x://2' }],
    ['resources/read', { uri: 'throughline:a:y://7' }, { uri: 'throughline:d:y://7' }],
    ['resources/read', { uri: 'throughline:c:x://1' }, { uri: 'throughline:d:x://1' }],
    ['resources/subscribe', { uri: 'throughline:c:x://1' }, { uri: 'throughline:d:x://1' }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'a__p2' } },
      { ref: { type: 'ref/prompt', name: 'd__p2' } },
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'throughline:a:y://{id}' } },
      { ref: { type: 'ref/resource', uri: 'throughline:d:y://{id}' } },
    ],
  ])('refuses %s of %o like a name that nobody has', async (method, outside, unknown) => {
    const withoutName = (text: string): string => text.replace(/"[^"]*"/, '');
    const refused = answerError(await session.request(method, outside));
    const never = answerError(await session.request(method, unknown));
    expect(refused.code).toBe(-32602);
    expect(withoutName(refused.message)).toBe(withoutName(never.message));
  });

  it('reads through the templates of those whose resources are all in it, and of no others', async () => {
    await using other = await startScripted({
      a: script,
      b: { ...script, results: { 'resources/list': resourceList() } },
    });
    define(other, {
      a: { tools: 'all', prompts: 'all', resources: ['x://1'] },
      b: { tools: 'all', prompts: 'all', resources: 'all' },
    });
    const client = await other.open('/servers/part/mcp');
    expect(await codeOf(client, 'resources/read', { uri: 'y://7' })).not.toBe(0);
    expect(other.received('a').filter((line) => line.includes('resources/read'))).toEqual([]);
    define(other, { a: { tools: 'all', prompts: 'all', resources: 'all' } });
    expect(await codeOf(client, 'resources/read', { uri: 'y://7' })).toBe(0);
  });

  it('refuses everything once it is gone', async () => {
    await using other = await startScripted({ a: script });
    define(other, { a: { tools: 'all', prompts: 'all', resources: 'all' } });
    const client = await other.open('/servers/part/mcp');
    expect(await listed(client, 'tools', 'name')).toEqual(['a__one', 'a__two']);
    other.gateway.virtualServers.remove('part' as ServerId);
    const answer = await client.post({ jsonrpc: '2.0', id: 9, method: 'tools/list' });
    expect(JSON.stringify(answer.messages)).toContain('error');
  });
});
