import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { doorServer } from '../../integration/doors/door-support.ts';
import { eventually } from '../../support/eventually.ts';
import { PATH, said, startModernHost, VERSION, type ModernHost } from './modern-host.ts';

function startHost(server = doorServer()): Promise<ModernHost> {
  return startModernHost({ servers: { local: server.entry } });
}

const ASKABLE = { elicitation: {}, sampling: {} };

describe('a request of the stateless era to a server of the era of handshakes', () => {
  it('learns by server/discover what the endpoint is and which revisions it speaks', async () => {
    await using host = await startHost();
    const { status, message } = await host.answer('server/discover');
    expect(status).toBe(200);
    expect(message['result']).toMatchObject({
      resultType: 'complete',
      supportedVersions: expect.arrayContaining([VERSION, '2025-11-25']),
      capabilities: { tools: { listChanged: true }, logging: {} },
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'door-server', version: '1.0.0' } },
    });
    const all = await host.answer('server/discover', {}, { path: '/mcp' });
    expect(all.message['result']).toMatchObject({
      capabilities: { tools: { listChanged: true } },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'throughline' } },
    });
    expect((await host.answer('server/discover', {}, { path: '/servers/nobody/mcp' })).message).toMatchObject({
      error: { code: -32602, message: 'There is no server "nobody".' },
    });
  });

  it('is answered without a session, with what its revision has and the server does not say', async () => {
    await using host = await startHost();
    const stream = await host.ask('tools/list', {}, { id: 'first' });
    expect(stream.headers['mcp-session-id']).toBeUndefined();
    const message = await stream.last();
    expect(message).toMatchObject({ id: 'first', result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } });
    const { result } = await host
      .answer('tools/call', { name: 'echo', arguments: { text: 'x' } })
      .then((a) => a.message);
    expect(result).toEqual({ resultType: 'complete', content: [{ type: 'text', text: 'x' }] });
    const all = await host.answer('tools/call', { name: 'local__echo', arguments: { text: 'y' } }, { path: '/mcp' });
    expect(said(all.message)).toBe('y');
    const seen = host.observer.exchangeOf('tools/call');
    expect(seen?.outcomes).toMatchObject([{ kind: 'answered', statusCode: 200, answer: { kind: 'result' } }]);
  });

  it.each([
    ['no version', { meta: { 'io.modelcontextprotocol/protocolVersion': undefined } }, -32602],
    ['no capabilities', { meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }, -32602],
    ['capabilities that are a list', { meta: { 'io.modelcontextprotocol/clientCapabilities': [] } }, -32602],
    ['another version in the header', { headers: { 'mcp-protocol-version': '2026-01-01' } }, -32020],
    ['no version in the header', { headers: { 'mcp-protocol-version': undefined } }, -32020],
    ['another method in the header', { headers: { 'mcp-method': 'tools/list' } }, -32020],
    ['a method in other letters in the header', { headers: { 'mcp-method': 'Tools/Call' } }, -32020],
    ['no method in the header', { headers: { 'mcp-method': undefined } }, -32020],
    ['another name in the header', { headers: { 'mcp-name': 'pid' } }, -32020],
    ['no name in the header', { headers: { 'mcp-name': undefined } }, -32020],
  ])('is refused with 400 when it has %s', async (_what, request, code) => {
    await using host = await startHost();
    const { status, message } = await host.answer('tools/call', { name: 'echo', arguments: {} }, { ...request, id: 7 });
    expect({ status, message }).toMatchObject({ status: 400, message: { id: 7, error: { code } } });
  });

  it('is refused with the versions that are known when its own is not', async () => {
    await using host = await startHost();
    const { status, message } = await host.answer(
      'server/discover',
      {},
      {
        meta: { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' },
        headers: { 'mcp-protocol-version': '2030-01-01' },
      },
    );
    expect(status).toBe(400);
    expect(message['error']).toMatchObject({ code: -32022, data: { supported: [VERSION], requested: '2030-01-01' } });
  });

  it('has no stream to open and no session to end by other methods than POST', async () => {
    await using host = await startHost();
    for (const method of ['GET', 'DELETE']) {
      const headers = { 'mcp-protocol-version': VERSION, accept: 'text/event-stream' };
      const response = await fetch(new URL(PATH, host.origin), { method, headers });
      expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
    }
  });

  it('is no notification, which is taken and means nothing', async () => {
    await using host = await startHost();
    const headers = { 'mcp-protocol-version': VERSION };
    const response = await host.post(PATH, { jsonrpc: '2.0', method: 'notifications/cancelled', params: {} }, headers);
    expect(response.status).toBe(202);
  });

  it('may name a tool in any letters, encoded in the header', async () => {
    await using host = await startHost();
    const name = 'größer';
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
    const { status, message } = await host.answer(
      'tools/call',
      { name, arguments: {} },
      { headers: { 'mcp-name': encoded } },
    );
    expect({ status, message }).toMatchObject({
      status: 200,
      message: { error: { message: expect.stringMatching(/Unknown tool/) } },
    });
  });

  it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe', 'no/such'])(
    'is told by 404 that there is no method %s',
    async (method) => {
      await using host = await startHost();
      const { status, message } = await host.answer(method, {}, { id: 3 });
      expect({ status, message }).toMatchObject({ status: 404, message: { id: 3, error: { code: -32601 } } });
    },
  );

  it('reaches the process of the server that the same client reached before, also beside another of its calls', async () => {
    const server = doorServer();
    await using host = await startHost(server);
    const pidOf = async (clientName: string): Promise<string> =>
      said((await host.answer('tools/call', { name: 'pid', arguments: {} }, { clientName })).message);
    const pid = await pidOf('one');
    const running = await host.ask(
      'tools/call',
      { name: 'tell_then_wait', arguments: { path: server.newPath() } },
      { clientName: 'one', meta: { progressToken: 1 } },
    );
    await running.hears('it runs', () => true);
    expect([await pidOf('one'), await pidOf('one')]).toEqual([pid, pid]);
    expect(await pidOf('two')).not.toBe(pid);
    running.break();
  });

  it('hears of progress on its own stream, whatever token another has chosen, and of logs when it asked for them', async () => {
    const server = doorServer();
    await using host = await startHost(server);
    const [one, two] = [server.newPath(), server.newPath()];
    const token = { progressToken: 1 };
    const loud = await host.ask(
      'tools/call',
      { name: 'tell_then_wait', arguments: { label: 'two', path: two } },
      { meta: { ...token, 'io.modelcontextprotocol/logLevel': 'info' } },
    );
    await loud.hears('its log', ({ method }) => method === 'notifications/message');
    // The newer of the two, to which a stdio server's log belongs when nothing says whose it is.
    const quiet = await host.ask(
      'tools/call',
      { name: 'tell_then_wait', arguments: { label: 'one', path: one } },
      { meta: token },
    );
    for (const path of [one, two]) writeFileSync(path, '');
    expect([said(await quiet.last()), said(await loud.last())]).toEqual(['one', 'two']);
    const progress = { method: 'notifications/progress', params: { progressToken: 1, progress: 1, total: 2 } };
    expect(quiet.messages()).toMatchObject([progress, { result: {} }]);
    expect(loud.messages()).toMatchObject([progress, { params: { data: 'two' } }, { result: {} }]);
    expect(quiet.events.map(({ id }) => id)).toEqual([undefined, undefined]);
  });

  it('is cancelled at its server when its connection closes', async () => {
    const server = doorServer();
    await using host = await startHost(server);
    const args = { label: 'left', path: server.newPath() };
    const stream = await host.ask(
      'tools/call',
      { name: 'tell_then_wait', arguments: args },
      { meta: { progressToken: 1 } },
    );
    await stream.hears('it runs', ({ method }) => method === 'notifications/progress');
    stream.break();
    await eventually('the server was told', () => server.cancelled().includes('left'));
    const seen = host.observer.exchangeOf('tools/call');
    await eventually('its root has ended', () => seen?.outcomes.length === 1);
    expect(seen).toMatchObject({
      outcomes: [{ kind: 'disconnected' }],
      operations: [{ outcome: { kind: 'cancelled' } }],
    });
  });
});

describe('what a server asks during a call of the stateless era', () => {
  const ask = { name: 'ask_user', arguments: { label: 'who?' } };

  async function asked(host: ModernHost, params = ask) {
    const { message } = await host.answer('tools/call', params, { capabilities: ASKABLE });
    const { inputRequests, requestState, resultType } = message['result'] as {
      inputRequests: Record<string, { method: string; params: Record<string, unknown> }>;
      requestState: string;
      resultType: string;
    };
    expect(resultType).toBe('input_required');
    const [key = ''] = Object.keys(inputRequests);
    return { key, question: inputRequests[key], requestState };
  }

  it('is the answer to its request, and the call goes on when the request comes again with a reply', async () => {
    await using host = await startHost();
    const { key, question, requestState } = await asked(host);
    expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'who?' } });
    const reply = { [key]: { action: 'accept', content: { name: 'Ada' } } };
    const again = { ...ask, requestState, inputResponses: reply };
    const { message } = await host.answer('tools/call', again, { capabilities: ASKABLE, id: 'again' });
    expect(message).toMatchObject({ id: 'again', result: { resultType: 'complete' } });
    expect(JSON.parse(said(message))).toEqual({ action: 'accept', content: { name: 'Ada' } });
    const spent = await host.answer('tools/call', again, { capabilities: ASKABLE });
    expect(spent).toMatchObject({ status: 400, message: { error: { code: -32602 } } });
  });

  it('is asked again when the reply is missing', async () => {
    await using host = await startHost();
    const { key, requestState } = await asked(host);
    const again = await asked(host, { ...ask, requestState, inputResponses: { other: {} } } as typeof ask);
    expect(again).toMatchObject({ key, question: { method: 'elicitation/create' } });
  });

  it('is answered by nobody who asks for something else or elsewhere', async () => {
    await using host = await startHost();
    const { key, requestState } = await asked(host);
    const inputResponses = { [key]: { action: 'decline' } };
    const params = { name: 'echo', arguments: { text: 'x' }, requestState, inputResponses };
    expect(await host.answer('tools/call', params, { capabilities: ASKABLE })).toMatchObject({ status: 400 });
    const elsewhere = { ...ask, requestState, inputResponses };
    expect(await host.answer('tools/call', elsewhere, { capabilities: ASKABLE, path: '/mcp' })).toMatchObject({
      status: 400,
    });
    const right = await host.answer('tools/call', elsewhere, { capabilities: ASKABLE });
    expect(JSON.parse(said(right.message))).toEqual({ action: 'decline' });
  });

  it('is for the newest call, of several under way at once', async () => {
    await using host = await startHost();
    const [first, second] = [
      await asked(host),
      await asked(host, { name: 'ask_user', arguments: { label: 'and who?' } }),
    ];
    expect([first, second].map(({ question }) => question?.params['message'])).toEqual(['who?', 'and who?']);
  });

  it('ends the call with the capability that its client lacks', async () => {
    await using host = await startHost();
    const params = { name: 'ask_model', arguments: { label: 'x' } };
    const { status, message } = await host.answer('tools/call', params, { capabilities: { elicitation: {} }, id: 5 });
    expect({ status, message }).toMatchObject({
      status: 400,
      message: { id: 5, error: { code: -32021, data: { requiredCapabilities: { sampling: {} } } } },
    });
  });
});

describe('a stream of news of the stateless era', () => {
  it('begins with what it will bring, and brings that alone, with the id of the request that asked', async () => {
    await using host = await startHost();
    const listen = (notifications: Record<string, unknown>, id: string) =>
      host.ask('subscriptions/listen', { notifications }, { id });
    const tools = await listen({ toolsListChanged: true }, 'tools');
    const prompts = await listen({ promptsListChanged: true }, 'prompts');
    const tagged = (id: string) => ({ _meta: { 'io.modelcontextprotocol/subscriptionId': id } });
    const acknowledged = 'notifications/subscriptions/acknowledged';
    await tools.hears('it is acknowledged', ({ method }) => method === acknowledged);
    expect(tools.messages()[0]).toMatchObject({
      method: acknowledged,
      params: { notifications: { toolsListChanged: true }, ...tagged('tools') },
    });
    await prompts.hears('it is acknowledged', ({ method }) => method === acknowledged);
    expect(said((await host.answer('tools/call', { name: 'announce', arguments: {} })).message)).toBe('announced');
    const changed = await tools.hears('the change', ({ method }) => method === 'notifications/tools/list_changed');
    expect(changed).toMatchObject({ params: tagged('tools') });
    expect(prompts.messages()).toHaveLength(1);
    tools.break();
    prompts.break();
  });

  it('ends with the answer to its request when the gateway stops', async () => {
    const host = await startHost();
    const stays = await host.ask('subscriptions/listen', { notifications: {} }, { id: 9 });
    await stays.hears('it is acknowledged', () => true);
    await host[Symbol.asyncDispose]();
    expect(await stays.last()).toMatchObject({ id: 9, result: { resultType: 'complete' } });
  });
});
