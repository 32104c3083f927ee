import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { answerError, type RawSession } from '../../support/raw-session.ts';
import {
  listed,
  resourceList,
  startScripted,
  toolList,
  type Script,
  type ScriptedGateway,
} from '../../support/scripted-servers.ts';

interface Page {
  readonly tools: readonly { readonly name: string }[];
  readonly nextCursor?: string;
}

async function page(session: RawSession, cursor?: string): Promise<Page> {
  const answer = await session.request('tools/list', cursor === undefined ? {} : { cursor });
  return answer['result'] as Page;
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}

const tools = { capabilities: { tools: {} } };

describe('a list over several servers', () => {
  let scripted: ScriptedGateway;

  beforeAll(async () => {
    scripted = await startScripted({
      one: { ...tools, results: { 'tools/list': toolList(...numbered('a', 150)) } },
      two: { ...tools, results: { 'tools/list': toolList(...numbered('b', 300)) } },
      // Describes a large item in few words: more of them than a page may have bytes.
      large: {
        ...tools,
        results: {
          'tools/list': JSON.stringify({
            tools: numbered('c', 3).map((name) => ({ name, description: 'x'.repeat(600_000) })),
          }),
        },
      },
    });
  });

  afterAll(() => scripted[Symbol.asyncDispose]());

  it('comes in pages, each item once and in the order of the servers', async () => {
    const session = await scripted.open();
    const names: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const next = await page(session, cursor);
      names.push(...next.tools.map(({ name }) => name));
      sizes.push(next.tools.length);
      cursor = next.nextCursor;
    } while (cursor !== undefined);
    expect(names).toEqual([...numbered('one__a', 150), ...numbered('two__b', 300), ...numbered('large__c', 3)]);
    // Items of more than half a page's bytes each have a page of their own.
    expect(sizes).toEqual([200, 200, 51, 1, 1]);
  });

  it('stays what it was for a client that is in the middle of it while a server comes', async () => {
    const session = await scripted.open();
    const first = await page(session);
    await scripted.add('new', { ...tools, results: { 'tools/list': toolList('n') } });
    const second = await page(session, first.nextCursor);
    const again = await page(session, first.nextCursor);
    expect(second.tools.map(({ name }) => name)).toEqual([...numbered('two__b', 250).slice(50)]);
    expect(again).toEqual(second);
    await scripted.gateway.servers.remove('new' as ServerId);
  });

  it.each([
    ['that nobody gave out', () => Promise.resolve('Zm9v')],
    ['that is no text', () => Promise.resolve(7)],
    ['of another client', async () => (await page(await scripted.open())).nextCursor],
  ])('refuses a cursor %s', async (_what, cursor) => {
    const session = await scripted.open();
    await page(session);
    const answer = await session.request('tools/list', { cursor: await cursor() });
    expect(answerError(answer)).toEqual({
      code: -32602,
      message: 'This cursor is not valid (any more); ask for the list from its beginning, without a cursor.',
    });
  });

  it('refuses a cursor of another list', async () => {
    const session = await scripted.open();
    const { nextCursor } = await page(session);
    expect(answerError(await session.request('prompts/list', { cursor: nextCursor })).code).toBe(-32602);
  });
});

describe('the items of a list', () => {
  it('arrive in the words of their server, but for the name', async () => {
    const item =
      '{"x":1.0, "name":"t","_meta":{"a":12345678901234567890,"a":-0},"icons":[{"src":"\\u0061"}],"unknown":{}}';
    await using scripted = await startScripted({ s: { ...tools, results: { 'tools/list': `{"tools":[${item}]}` } } });
    const session = await scripted.open();
    const response = await scripted.rest('/mcp', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-session-id': session.sessionId ?? '',
      },
      body: '{"jsonrpc":"2.0","id":1.0,"method":"tools/list"}',
    });
    const expected = item.replace('"name":"t"', '"name":"s__t"');
    expect(await response.text()).toBe(`{"jsonrpc":"2.0","id":1.0,"result":{"tools":[${expected}]}}`);
  });
});

describe.each([
  ['dedicated', 2],
  ['shared', 0],
] as const)('lists of servers whose sessions are %s', (sessions, readsOfTwoClients) => {
  it(`are read ${readsOfTwoClients} times for two clients, and again after a change`, async () => {
    const script = { ...tools, results: { 'tools/list': toolList('before') } };
    await using scripted = await startScripted({ s: script }, sessions);
    const reads = (): number => scripted.received('s').filter((line) => line.includes('"tools/list"')).length;
    const [one, two] = [await scripted.listen(), await scripted.open()];
    await listed(one, 'tools', 'name');
    const atFirst = reads();
    await listed(one, 'tools', 'name');
    expect(await listed(two, 'tools', 'name')).toEqual(['s__before']);
    expect(reads() - atFirst).toBe(readsOfTwoClients);
    scripted.rewrite('s', { ...tools, results: { 'tools/list': toolList('after') } });
    await one.callTool('s__say', { lines: ['{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'] });
    expect(await listed(two, 'tools', 'name')).toEqual(['s__after']);
  });
});

describe('a server that cannot be asked', () => {
  it('is left out, and announced when it can, though it is as it was before', async () => {
    const holding = (uri: string): Script => ({
      capabilities: { resources: {} },
      results: { 'resources/list': resourceList(uri) },
    });
    await using scripted = await startScripted({ good: holding('x://good'), late: holding('x://late') });
    const client = await scripted.listen();
    const broken = { type: 'stdio', command: 'false', args: [], env: {}, cwd: null } as const;
    await scripted.gateway.servers.add('late' as ServerId, broken);
    await scripted.gateway.servers.get('late')?.settled();
    expect(await listed(client, 'resources', 'uri')).toEqual(['x://good']);
    await scripted.add('late', holding('x://late'));
    await eventually('the client was told', () => client.heard().length > 0);
    expect(client.news).toEqual([{ jsonrpc: '2.0', method: 'notifications/resources/list_changed' }]);
    expect(await listed(client, 'resources', 'uri')).toEqual(['x://good', 'x://late']);
  });
});
