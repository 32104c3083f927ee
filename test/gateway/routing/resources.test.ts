import { describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { answerError, answerText, type Json, type RawSession } from '../../support/raw-session.ts';
import {
  contents,
  listed,
  resourceList,
  startScripted,
  templateList,
  toolList,
  untilHeard,
  type Script,
} from '../../support/scripted-servers.ts';

const notFound = { code: -32002, message: 'Resource not found' };

function holder(name: string, uris: readonly string[], more: Partial<Script['results']> = {}): Script {
  const reads = uris.map((uri): [string, string] => [`resources/read ${uri}`, contents(uri, name)]);
  return {
    capabilities: { tools: {}, prompts: {}, completions: {}, resources: { subscribe: true } },
    refusal: notFound,
    results: {
      'tools/list': toolList('say'),
      'resources/list': resourceList(...uris),
      'resources/templates/list': templateList(),
      'resources/subscribe': '{}',
      'resources/unsubscribe': '{}',
      ...Object.fromEntries(reads),
      ...more,
    },
  };
}

async function read(session: RawSession, uri: string): Promise<unknown> {
  const answer = await session.request('resources/read', { uri });
  return answer['result'] ?? answer['error'];
}

/** What each server was asked with this method, by what it was asked for. */
function asked(lines: readonly string[], method: string): readonly unknown[] {
  const messages = lines.map((line) => JSON.parse(line) as { method?: string; params?: Json });
  return messages.filter((message) => message.method === method).map(({ params }) => params?.['uri']);
}

describe('two servers with the same resource', () => {
  const shared = 'memo://both';
  const scripts = {
    a: holder('a', [shared, 'memo://a'], { 'prompts/list': '{"prompts":[]}' }),
    b: holder('b', [shared, 'memo://b'], {
      'tools/list': toolList('say', 'link', 'plain'),
      'tools/call link': `{"content":[{"type":"text","text":"${shared}"},{"type":"resource_link","uri":"${shared}","size":1.0},{"type":"resource_link","uri":"memo://b"},{"type":"resource","resource":{"uri":"${shared}","text":"t"}}]}`,
      'prompts/list': '{"prompts":[{"name":"p"}]}',
      'prompts/get': `{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"${shared}","text":"1.0"}}}]}`,
      'completion/complete': '{"completion":{"values":["v"]}}',
    }),
  };
  const ofB = `throughline:b:${shared}`;

  it('are told apart by a URI of the second that leads back to it; all others stay', async () => {
    await using scripted = await startScripted(scripts);
    const session = await scripted.open();
    expect(await listed(session, 'resources', 'uri')).toEqual([shared, 'memo://a', ofB, 'memo://b']);
    expect(await read(session, shared)).toEqual({ contents: [{ uri: shared, text: 'a' }] });
    expect(await read(session, ofB)).toEqual({ contents: [{ uri: ofB, text: 'b' }] });
    expect(await read(session, 'memo://b')).toEqual({ contents: [{ uri: 'memo://b', text: 'b' }] });
    expect(asked(scripted.received('b'), 'resources/read')).toEqual([shared, 'memo://b']);
    expect(scripted.defects).toEqual([]);
  });

  it('are subscribed to, told of and unsubscribed from apart', async () => {
    await using scripted = await startScripted(scripts);
    const client = await scripted.listen();
    await client.request('resources/subscribe', { uri: ofB });
    const updated = (uri: string): string =>
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri, x: 1 } });
    await client.callTool('b__say', { lines: [updated('memo://b'), updated(shared)] });
    await untilHeard(client, 'notifications/resources/updated');
    await client.request('resources/unsubscribe', { uri: ofB });
    expect(asked(scripted.received('b'), 'resources/subscribe')).toEqual([shared]);
    expect(asked(scripted.received('b'), 'resources/unsubscribe')).toEqual([shared]);
    expect(asked(scripted.received('a'), 'resources/subscribe')).toEqual([]);
    expect(client.news.map(({ params }) => params)).toEqual([
      { uri: 'memo://b', x: 1 },
      { uri: ofB, x: 1 },
    ]);
  });

  it('are linked and embedded under URIs that lead back to their server', async () => {
    await using scripted = await startScripted(scripts);
    const session = await scripted.open();
    const result = (await session.callTool('b__link', {}))['result'];
    expect(result).toEqual({
      content: [
        { type: 'text', text: shared },
        { type: 'resource_link', uri: ofB, size: 1 },
        { type: 'resource_link', uri: 'memo://b' },
        { type: 'resource', resource: { uri: ofB, text: 't' } },
      ],
    });
    const prompt = await session.request('prompts/get', { name: 'b__p' });
    expect(JSON.stringify(prompt['result'])).toContain(`"uri":"${ofB}"`);
  });

  it('are completed by the server that the reference leads to', async () => {
    await using scripted = await startScripted(scripts);
    const session = await scripted.open();
    const argument = { name: 'x', value: '' };
    const ref = { type: 'ref/resource', uri: ofB };
    expect((await session.request('completion/complete', { ref, argument }))['result']).toEqual({
      completion: { values: ['v'] },
    });
    const prompt = { type: 'ref/prompt', name: 'b__p', title: 'kept' };
    await session.request('completion/complete', { ref: prompt, argument });
    const requests = scripted.received('b').filter((line) => line.includes('completion/complete'));
    expect(requests.map((line) => (JSON.parse(line) as { params: Json }).params['ref'])).toEqual([
      { type: 'ref/resource', uri: shared },
      { type: 'ref/prompt', name: 'p', title: 'kept' },
    ]);
  });

  it('keep their URIs when an earlier server comes to list the same', async () => {
    await using scripted = await startScripted({ a: holder('a', ['memo://a']), b: scripts.b });
    const session = await scripted.open();
    expect(await listed(session, 'resources', 'uri')).toEqual(['memo://a', shared, 'memo://b']);
    await scripted.add('a', scripts.a);
    const uris = [`throughline:a:${shared}`, 'memo://a', shared, 'memo://b'];
    expect(await listed(session, 'resources', 'uri')).toEqual(uris);
    await scripted.gateway.servers.remove('b' as ServerId);
    expect(await listed(session, 'resources', 'uri')).toEqual([shared, 'memo://a']);
  });
});

describe('a resource that no server lists', () => {
  it('is read from the server that listed a template it fits', async () => {
    const template = 'db://{table}/{row}';
    await using scripted = await startScripted({
      a: holder('a', ['db://x']),
      b: holder('b', [], {
        'resources/templates/list': templateList(template),
        'resources/read db://t/1': contents('db://t/1', 'b'),
      }),
    });
    const session = await scripted.open();
    expect(await read(session, 'db://t/1')).toEqual({ contents: [{ uri: 'db://t/1', text: 'b' }] });
    expect(asked(scripted.received('a'), 'resources/read')).toEqual([]);
  });

  it('is looked for among those that list others of its scheme, then kept in mind', async () => {
    await using scripted = await startScripted({
      other: holder('other', ['web://x']),
      a: holder('a', ['db://a']),
      b: holder('b', ['db://b'], { 'resources/read db://hidden': contents('db://hidden', 'b') }),
    });
    const session = await scripted.open();
    await read(session, 'db://hidden');
    expect(await read(session, 'db://hidden')).toEqual({ contents: [{ uri: 'db://hidden', text: 'b' }] });
    const reads = ['other', 'a', 'b'].map((server) => asked(scripted.received(server), 'resources/read').length);
    expect(reads).toEqual([0, 1, 2]);
  });

  it('is looked for everywhere when nothing is known of its scheme, and the first no is the answer', async () => {
    await using scripted = await startScripted({
      a: { ...holder('a', ['a://x']), refusal: { code: -32602, message: 'never heard of it' } },
      none: { capabilities: { tools: {} }, results: { 'tools/list': toolList('t') } },
      b: holder('b', ['b://x']),
    });
    const session = await scripted.open();
    const refusal = answerError(await session.request('resources/read', { uri: 'c://x' }));
    expect(refusal).toEqual({ code: -32602, message: 'never heard of it' });
    const reads = ['a', 'none', 'b'].map((server) => asked(scripted.received(server), 'resources/read').length);
    expect(reads).toEqual([1, 0, 1]);
  });

  it('is not looked for any more once a server says anything else than that it is not there', async () => {
    await using scripted = await startScripted({
      a: { ...holder('a', []), refusal: { code: -32603, message: 'disk on fire' } },
      b: holder('b', []),
    });
    const session = await scripted.open();
    expect(answerError(await session.request('resources/read', { uri: 'c://x' })).message).toBe('disk on fire');
    expect(asked(scripted.received('b'), 'resources/read')).toEqual([]);
  });

  it('cannot be had through a URI of ours that leads nowhere', async () => {
    await using scripted = await startScripted({ a: holder('a', ['x://a']) });
    const session = await scripted.open();
    const answer = await session.request('resources/read', { uri: 'throughline:gone:x://a' });
    expect(answerError(answer)).toEqual({
      code: -32602,
      message: 'No server offers the resource "throughline:gone:x://a".',
    });
  });
});

describe('two clients of a server whose session they share', () => {
  it('hear of what they subscribed to, and the first to leave does not end it for the other', async () => {
    await using scripted = await startScripted({ a: holder('a', ['x://1', 'x://2']) }, 'shared');
    const [one, two] = [await scripted.listen(), await scripted.listen('/servers/a/mcp')];
    await one.request('resources/subscribe', { uri: 'x://1' });
    await two.request('resources/subscribe', { uri: 'x://1' });
    await two.request('resources/subscribe', { uri: 'x://2' });
    await two.request('resources/unsubscribe', { uri: 'x://1' });
    expect(asked(scripted.received('a'), 'resources/unsubscribe')).toEqual([]);
    const updated = (uri: string): string =>
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } });
    const changed = '{"jsonrpc":"2.0","method":"notifications/resources/list_changed"}';
    const said = await two.callTool('say', { lines: [updated('x://2'), updated('x://1'), changed] });
    expect(answerText(said)).toBe('said');
    await untilHeard(one, 'notifications/resources/list_changed');
    await untilHeard(two, 'notifications/resources/list_changed');
    expect(one.news.map(({ params }) => params)).toEqual([{ uri: 'x://1' }, undefined]);
    expect(two.news.map(({ params }) => params)).toEqual([{ uri: 'x://2' }, undefined]);
    await one.request('resources/unsubscribe', { uri: 'x://1' });
    expect(asked(scripted.received('a'), 'resources/unsubscribe')).toEqual(['x://1']);
  });
});
