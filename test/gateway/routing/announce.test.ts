import { describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { Selection } from '../../../src/shared/domain/virtual-server.ts';
import { eventually } from '../../support/eventually.ts';
import {
  listed,
  resourceList,
  startScripted,
  toolList,
  untilHeard,
  type Listener,
  type Script,
  type ScriptedGateway,
} from '../../support/scripted-servers.ts';

const TOOLS = 'notifications/tools/list_changed';
const RESOURCES = 'notifications/resources/list_changed';
/** Of a list that no client sees anything of, and yet news for all, whoever's session it comes on. */
const LAST = 'notifications/vendor/list_changed';

function having(...tools: readonly string[]): Script {
  return {
    capabilities: { tools: {}, resources: {} },
    results: { 'tools/list': toolList('say', ...tools), 'resources/list': resourceList('x://1') },
  };
}

function line(method: string): string {
  return JSON.stringify({ jsonrpc: '2.0', method });
}

/** All that was heard until now: something else that is said afterwards, and heard, is the end of it. */
async function heardBy(listener: Listener, sayTool: string): Promise<readonly string[]> {
  await listener.callTool(sayTool, { lines: [line(LAST)] });
  return (await untilHeard(listener, LAST)).filter((method) => method !== LAST);
}

/** The gateway's own session has read the server's lists again. */
async function untilKnown({ gateway }: ScriptedGateway, server: string, tool: string): Promise<void> {
  await eventually(
    `${tool} is known`,
    () =>
      gateway.servers
        .get(server)
        ?.status()
        .catalog.tools.some(({ name }) => name === tool) === true,
  );
}

/** Lets a server say on the gateway's own session that its tools have changed. */
async function sayToGateway({ gateway }: ScriptedGateway, server: string): Promise<void> {
  const own = await gateway.servers.get(server)?.peek('gateway');
  const params = { name: 'say', arguments: { lines: [line(TOOLS)] } };
  await own?.session.post(JSON.stringify({ jsonrpc: '2.0', id: 'by hand', method: 'tools/call', params }));
}

function define({ gateway }: ScriptedGateway, tools: Selection): void {
  const member = { tools, prompts: [], resources: [] };
  gateway.virtualServers.set('part' as ServerId, { description: null, members: new Map([['a' as ServerId, member]]) });
}

describe('clients of several servers', () => {
  it('hear once that a server came, and that it went', async () => {
    await using scripted = await startScripted({ a: having() });
    const client = await scripted.listen();
    await listed(client, 'tools', 'name');
    await scripted.add('b', having('new'));
    expect((await heardBy(client, 'a__say')).toSorted()).toEqual([RESOURCES, TOOLS]);
    client.forget();
    await scripted.gateway.servers.remove('b' as ServerId);
    expect((await heardBy(client, 'a__say')).toSorted()).toEqual([RESOURCES, TOOLS]);
  });

  it('hear nothing of a server that came back as it was, and once of one that came back with other lists', async () => {
    await using scripted = await startScripted({ a: having(), b: having() });
    const client = await scripted.listen();
    await listed(client, 'tools', 'name');
    await scripted.add('b', having());
    expect(await heardBy(client, 'a__say')).toEqual([]);
    client.forget();
    await scripted.add('b', having('other'));
    expect(await heardBy(client, 'a__say')).toEqual([TOOLS]);
  });

  it.each(['dedicated', 'shared'] as const)(
    'hear once of a change that a server announces, sessions %s',
    async (mode) => {
      await using scripted = await startScripted({ a: having() }, mode);
      const [client, single] = [await scripted.listen(), await scripted.listen('/servers/a/mcp')];
      await listed(client, 'tools', 'name');
      // A session of its own hears what the server says there; the gateway's own session is told by hand.
      scripted.rewrite('a', having('new'));
      if (mode === 'dedicated') {
        await client.callTool('a__say', { lines: [line(TOOLS)] });
        await single.callTool('say', { lines: [line(TOOLS)] });
        await sayToGateway(scripted, 'a');
      } else await client.callTool('a__say', { lines: [line(TOOLS)] });
      await untilKnown(scripted, 'a', 'new');
      expect(await heardBy(client, 'a__say')).toEqual([TOOLS]);
      expect(await heardBy(single, 'say')).toEqual([TOOLS]);
    },
  );

  it('hear of a change though they have no session with the server yet', async () => {
    await using scripted = await startScripted({ a: having(), b: having() });
    const client = await scripted.listen();
    scripted.rewrite('a', having('new'));
    await sayToGateway(scripted, 'a');
    await untilKnown(scripted, 'a', 'new');
    expect(await heardBy(client, 'b__say')).toEqual([TOOLS]);
  });
});

describe('clients of one server', () => {
  it('hear that it was replaced by one with other lists, and of no other server', async () => {
    await using scripted = await startScripted({ a: having(), b: having() });
    const client = await scripted.listen('/servers/a/mcp');
    await listed(client, 'tools', 'name');
    await scripted.add('b', having('other'));
    await scripted.add('a', having('other'));
    expect(await heardBy(client, 'say')).toEqual([TOOLS]);
  });
});

describe('clients of a virtual server', () => {
  it('hear of changes of what they see, and of no others', async () => {
    await using scripted = await startScripted({ a: having('seen', 'unseen'), b: having() });
    define(scripted, ['say', 'seen', 'later']);
    const client = await scripted.listen('/servers/part/mcp');
    await listed(client, 'tools', 'name');
    await scripted.add('a', having('seen'));
    await scripted.add('b', having('b'));
    expect(await heardBy(client, 'a__say')).toEqual([]);
    client.forget();
    await scripted.add('a', having('seen', 'later'));
    expect(await heardBy(client, 'a__say')).toEqual([TOOLS]);
  });

  it('hear nothing of lists that they see nothing of', async () => {
    await using scripted = await startScripted({ a: having() });
    define(scripted, 'all');
    const client = await scripted.listen('/servers/part/mcp');
    await client.callTool('a__say', { lines: [line(RESOURCES), line(TOOLS)] });
    expect(await heardBy(client, 'a__say')).toEqual([TOOLS]);
  });

  it('hear that it was defined in another way', async () => {
    await using scripted = await startScripted({ a: having('one', 'two') });
    define(scripted, ['say', 'one']);
    const [client, other] = [await scripted.listen('/servers/part/mcp'), await scripted.listen()];
    define(scripted, ['say', 'one', 'unknown']);
    expect(await heardBy(client, 'a__say')).toEqual([]);
    client.forget();
    define(scripted, ['say', 'two']);
    expect(await heardBy(client, 'a__say')).toEqual([TOOLS]);
    expect(await heardBy(other, 'a__say')).toEqual([]);
  });
});
