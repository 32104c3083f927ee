import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { answerError, answerText, type Json, type RawSession } from '../../support/raw-session.ts';
import { listed, resourceList, startScripted, toolList, type Script } from '../../support/scripted-servers.ts';

const base: Script = {
  capabilities: { tools: {}, logging: {} },
  results: { 'tools/list': toolList('t', 'ask', 'say') },
};

function withResults(results: Readonly<Record<string, string>>, capabilities: Json = {}): Script {
  return { capabilities: { ...base.capabilities, ...capabilities }, results: { ...base.results, ...results } };
}

function methods(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => (JSON.parse(line) as { method?: string }).method).filter((method) => method !== undefined);
}

async function calledAs(session: RawSession, name: string): Promise<unknown> {
  return (JSON.parse(answerText(await session.callTool(name, {}))) as Json)['name'];
}

describe('a call by an exposed name', () => {
  it('reaches its server under the own name, also where names are long, odd or begin like another server', async () => {
    const long = `${'long_'.repeat(20)}name`;
    await using scripted = await startScripted({
      a: withResults({ 'tools/list': toolList('b__c', long, 'zwei Wörter') }),
      a__b: withResults({ 'tools/list': toolList('c') }),
    });
    const session = await scripted.open();
    const names = await listed(session, 'tools', 'name');
    expect(names.map((name) => name.length <= 64 && /^[A-Za-z0-9_./-]+$/.test(name))).toEqual([true, true, true, true]);
    const own: unknown[] = [];
    for (const name of names) own.push(await calledAs(session, name));
    expect(own).toEqual(['b__c', long, 'zwei Wörter', 'c']);
  });

  it('finds a shortened name that only this client was shown', async () => {
    const shown = 'only on this session';
    await using scripted = await startScripted({ a: base });
    const session = await scripted.open();
    scripted.rewrite('a', withResults({ 'tools/list': toolList(shown) }));
    const [name = ''] = await listed(session, 'tools', 'name');
    expect(await calledAs(session, name)).toBe(shown);
  });

  it('goes to the server when it is not in any list, whose refusal is the answer', async () => {
    await using scripted = await startScripted({ a: base });
    const session = await scripted.open();
    expect(await calledAs(session, 'a__unlisted')).toBe('unlisted');
    expect(answerError(await session.callTool('b__t', {}))).toEqual({
      code: -32602,
      message: 'Unknown tool "b__t".',
    });
  });
});

describe('a request of a method that the gateway does not know', () => {
  const scripts = {
    a: withResults({
      'vendor/do': '{"by":"a","exact":1.0}',
      'tools/call t': '{"task":{"taskId":"task-of-a"}}',
      'tasks/get': '{"taskId":"task-of-a"}',
    }),
    b: withResults(
      {
        'vendor/do': '{"by":"b"}',
        'tasks/get': '{"by":"b"}',
        'resources/list': resourceList('x://b'),
        'tools/call t': '{"content":[],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"task-of-b"}}}',
      },
      { resources: {} },
    ),
  };

  it.each([
    ['name', { name: 'a__t' }, 'a'],
    ['name of another server', { name: 'b__t' }, 'b'],
    ['URI', { uri: 'x://b' }, 'b'],
  ])('is routed by the %s in it', async (_what, params, by) => {
    await using scripted = await startScripted(scripts);
    const session = await scripted.open();
    expect((await session.request('vendor/do', params))['result']).toMatchObject({ by });
    const received = scripted.received(by).findLast((line) => line.includes('vendor/do'));
    expect(received).not.toContain('__t');
  });

  it('is routed by the task that a server was seen to have, for the client that saw it', async () => {
    await using scripted = await startScripted(scripts);
    const [session, stranger] = [await scripted.open(), await scripted.open()];
    await session.callTool('a__t', {});
    await session.callTool('b__t', {});
    expect((await session.request('tasks/get', { taskId: 'task-of-a' }))['result']).toEqual({ taskId: 'task-of-a' });
    expect((await session.request('tasks/get', { taskId: 'task-of-b' }))['result']).toEqual({ by: 'b' });
    expect(answerError(await stranger.request('tasks/get', { taskId: 'task-of-a' })).code).toBe(-32601);
  });

  it('goes to the only server there is, as it is', async () => {
    await using scripted = await startScripted({ a: scripts.a });
    const session = await scripted.open();
    expect((await session.request('vendor/do', { x: 1 }))['result']).toEqual({ by: 'a', exact: 1 });
  });

  it('is refused when nothing says whose it is', async () => {
    await using scripted = await startScripted(scripts);
    const session = await scripted.open();
    expect(answerError(await session.request('vendor/do', { name: 'c__t', uri: 'y://z' }))).toEqual({
      code: -32601,
      message: 'Method "vendor/do" is not known here, and nothing in it says which server it is for.',
    });
  });
});

describe.each([
  ['dedicated', ['a1', 'a2', 'b1']],
  ['shared', ['a1']],
] as const)('the list of tasks, sessions %s', (mode, visible) => {
  it("has those of all servers that are this client's, and each is known by its server", async () => {
    const having = (...ids: readonly string[]): Script =>
      withResults(
        {
          'tasks/list': `{"tasks":[${ids.map((taskId) => `{"taskId":"${taskId}","ttl":1.0}`).join(',')}]}`,
          'tasks/get': `{"of":"${ids[0]}"}`,
          'tools/call t': '{"task":{"taskId":"a1"}}',
        },
        { tasks: { list: {} } },
      );
    await using scripted = await startScripted({ a: having('a1', 'a2'), none: base, b: having('b1') }, mode);
    const session = await scripted.open();
    await session.callTool('a__t', {});
    expect(await listed(session, 'tasks', 'taskId')).toEqual(visible);
    for (const taskId of visible)
      expect((await session.request('tasks/get', { taskId }))['result']).toEqual({ of: `${taskId.charAt(0)}1` });
  });
});

describe('the log level', () => {
  const levels = (lines: readonly string[]): readonly unknown[] =>
    lines
      .map((line) => JSON.parse(line) as { method?: string; params?: Json })
      .filter(({ method }) => method === 'logging/setLevel')
      .map(({ params }) => params?.['level']);
  const logging = withResults({ 'logging/setLevel': '{}' });

  it('goes to the servers in use, and to the others before they are used first', async () => {
    await using scripted = await startScripted({ a: logging, b: logging });
    const session = await scripted.open();
    await session.callTool('a__t', {});
    expect((await session.request('logging/setLevel', { level: 'debug' }))['result']).toEqual({});
    expect(['a', 'b'].map((server) => levels(scripted.received(server)))).toEqual([['debug'], []]);
    await scripted.add('late', logging);
    await session.callTool('b__t', {});
    await session.callTool('late__t', {});
    await session.callTool('late__t', {});
    expect(['a', 'b', 'late'].map((server) => levels(scripted.received(server)))).toEqual([
      ['debug'],
      ['debug'],
      ['debug'],
    ]);
    const [first, , second] = methods(scripted.received('late').slice(-4));
    expect([first, second]).toEqual(['notifications/initialized', 'tools/call']);
  });

  it('is refused when it is none', async () => {
    await using scripted = await startScripted({ a: logging });
    const session = await scripted.open();
    expect(answerError(await session.request('logging/setLevel', { level: 'loud' })).code).toBe(-32602);
  });
});

describe('what servers ask a client of several', () => {
  const question = (message: string): Json => ({
    jsonrpc: '2.0',
    id: 'q',
    method: 'elicitation/create',
    params: { message, _meta: { progressToken: 1 } },
  });
  /** What is asked comes on the stream for news then. */
  const headers = { accept: 'application/json' };

  it('is reported on and taken back at the server that asked, though both chose the same ids', async () => {
    await using scripted = await startScripted({ a: base, b: base });
    const client = await scripted.listen();
    const answers = Promise.all(
      ['a', 'b'].map(async (server) =>
        answerText(await client.callTool(`${server}__ask`, { question: question(server) }, undefined, { headers })),
      ),
    );
    const asked = await eventually('both have asked', () => client.news.length === 2 && client.news);
    const ofB = asked.find(({ params }) => (params as Json)['message'] === 'b');
    const token = ((ofB?.['params'] as Json)['_meta'] as Json)['progressToken'];
    const progress = { progressToken: token, progress: 0.5, _meta: { traceparent: 'x', kept: 1 } };
    await client.post({ jsonrpc: '2.0', method: 'notifications/progress', params: progress });
    const cancelled = { requestId: ofB?.['id'], reason: 'changed my mind' };
    await client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: cancelled });
    for (const { id } of asked) await client.post({ jsonrpc: '2.0', id, result: { by: id } });
    expect((await answers).map((text) => (JSON.parse(text) as Json)['id'])).toEqual(['q', 'q']);
    const heard = (server: string): readonly Json[] =>
      scripted
        .received(server)
        .map((line) => JSON.parse(line) as Json)
        .filter(({ method }) => method === 'notifications/progress' || method === 'notifications/cancelled')
        .map(({ params }) => params as Json);
    expect(heard('a')).toEqual([]);
    expect(heard('b')).toEqual([
      { progressToken: 1, progress: 0.5, _meta: { kept: 1 } },
      { requestId: 'q', reason: 'changed my mind' },
    ]);
  });

  it('hears of changed roots where it has a session', async () => {
    await using scripted = await startScripted({ a: base, b: base });
    const session = await scripted.open();
    await session.callTool('b__t', {});
    await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    await session.post({ jsonrpc: '2.0', method: 'notifications/vendor', params: { x: 1 } });
    await session.callTool('b__t', {});
    expect(methods(scripted.received('b')).slice(-3)).toEqual([
      'notifications/roots/list_changed',
      'notifications/vendor',
      'tools/call',
    ]);
    expect(methods(scripted.received('a'))).not.toContain('notifications/roots/list_changed');
  });
});
