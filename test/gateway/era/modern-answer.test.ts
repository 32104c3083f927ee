import { describe, expect, it } from 'vitest';
import { modernAnswer, statusOf } from '../../../src/gateway/era/modern-answer.ts';
import { requestText } from '../../../src/gateway/frame/compose.ts';
import { resultTextAnswer, refusal } from '../../../src/gateway/routing/answer.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';

const request = (method: string, params: unknown = {}) => asRequest(requestText('1', method, params));
const modern = (method: string, resultSource: string): string =>
  modernAnswer(request(method), resultTextAnswer('1', resultSource)).text;

describe('an answer of the era of handshakes, made one of the stateless era', () => {
  it('says that it is complete, and every other byte stays', () => {
    const source = '{ "content":[], "n":1.0, "n":2, "__proto__":{"a":1e400} }';
    expect(modern('tools/call', source)).toBe(
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",${source.slice(1)}}`,
    );
    expect(modern('tools/call', '{}')).toBe('{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete"}}');
  });

  it('says that lists and resources may not be kept, where the server says nothing of it', () => {
    const added = '"resultType":"complete","ttlMs":0,"cacheScope":"private",';
    for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list', 'resources/read'])
      expect(modern(method, '{"a":1}')).toContain(`{${added}"a":1}`);
    expect(modern('tools/list', '{"ttlMs":5,"cacheScope":"public"}')).toContain(
      '{"resultType":"complete","ttlMs":5,"cacheScope":"public"}',
    );
  });

  it('says each of the two that the server does not', () => {
    expect(modern('tools/list', '{"ttlMs":5}')).toContain('"cacheScope":"private","ttlMs":5}');
    expect(modern('tools/list', '{"cacheScope":"public"}')).toContain('"ttlMs":0,"cacheScope":"public"}');
  });

  it('says nothing of keeping what waits for its client to say more', () => {
    const source = '{"resultType" : "input\\u005frequired","inputRequests":{}}';
    expect(modern('resources/read', source)).toBe(`{"jsonrpc":"2.0","id":1,"result":${source}}`);
  });

  it.each(['{"resultType":"input_required","inputRequests":{}}', '[]', '"text"', 'null'])(
    'stays as it is when it is %s',
    (source) => {
      expect(modern('tools/call', source)).toBe(`{"jsonrpc":"2.0","id":1,"result":${source}}`);
    },
  );

  it('tells of a resource that is not there by the code that is now used, and which one it is', () => {
    const answer = refusal('1', -32_002, 'Not found');
    const told = modernAnswer(request('resources/read', { uri: 'a://b' }), answer);
    expect(JSON.parse(told.text)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32_602, message: 'Not found', data: { uri: 'a://b' } },
    });
    expect(told.outcome).toMatchObject({ kind: 'error', code: -32_602, messageText: told.text });
    const own = refusal('1', -32_002, 'Not found', { uri: 'a://c' });
    expect(JSON.parse(modernAnswer(request('resources/read', { uri: 'a://b' }), own).text)).toMatchObject({
      error: { data: { uri: 'a://c' } },
    });
    expect(modernAnswer(request('tools/call'), answer)).toBe(answer);
  });

  it.each([
    [-32_601, 404],
    [-32_020, 400],
    [-32_021, 400],
    [-32_022, 400],
    [-32_602, 200],
    [-32_000, 200],
  ])('with the error %i comes with the status %i', (code, status) => {
    expect(statusOf(refusal('1', code, 'no').outcome)).toBe(status);
  });
});
