import { describe, expect, it } from 'vitest';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { Attributes } from '../../src/shared/domain/span.ts';
import { spanIdOf, traceIdOf } from '../support/make-span.ts';
import { MASK, rawSpan, testRedactor } from './masked.ts';

const redactor = testRedactor();
const SECRET = 'S3CRET';
const LEAK = `password=${SECRET}`;

function attributes(given: Attributes): Attributes {
  return redactor.span(rawSpan({ attributes: given })).attributes;
}

describe('spans', () => {
  it('R3: lose secrets in name, status, trace state, events, links, resource and scope', () => {
    const time = unixNano(1n);
    const span = redactor.span(
      rawSpan({
        name: LEAK,
        status: { code: 'error', message: LEAK },
        traceState: `vendor=1,token=${SECRET}`,
        attributes: { a: LEAK, list: [LEAK], [`https://u:${SECRET}@h/`]: 1 },
        events: [
          {
            name: LEAK,
            time,
            attributes: { 'exception.message': LEAK, 'exception.stacktrace': `Error: ${LEAK}\n    at f (file.js:1:2)` },
          },
        ],
        links: [{ traceId: traceIdOf(2), spanId: spanIdOf(2), attributes: { a: LEAK } }],
        origin: { resource: { 'process.command': `node --token ${SECRET}` }, scopeName: LEAK, scopeVersion: LEAK },
      }),
    );
    const text = JSON.stringify(span, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toContain(SECRET);
    expect(span.findings.map((finding) => finding.path)).toEqual([
      '/traceState',
      '/name',
      '/status/message',
      '/attributes/a',
      '/attributes/list/0',
      '/attributes/https:~1~1•••@h~1#',
      '/events/0/name',
      '/events/0/attributes/exception.message',
      '/events/0/attributes/exception.stacktrace',
      '/links/0/attributes/a',
      '/origin/resource/process.command',
      '/origin/scopeName',
      '/origin/scopeVersion',
    ]);
    expect(span.events[0]?.attributes['exception.stacktrace']).toBe(`Error: password=${MASK}\n    at f (file.js:1:2)`);
  });

  it('keep everything else', () => {
    const raw = rawSpan({
      attributes: { s: 'text', n: 1.5, b: true, strings: ['a'], numbers: [1, 2], booleans: [true], empty: [] },
      events: [{ name: 'e', time: unixNano(3n), attributes: { a: 1 } }],
      links: [{ traceId: traceIdOf(2), spanId: spanIdOf(2), attributes: {} }],
      dropped: { attributes: 1, events: 2, links: 3 },
      traceState: 'vendor=1',
      endTime: null,
    });
    expect(redactor.span(raw)).toEqual(raw);
  });

  it.each<[string, Attributes, Attributes]>([
    [
      'authorization',
      { 'http.request.header.authorization': ['Bearer S'] },
      { 'http.request.header.authorization': [`Bearer ${MASK}`] },
    ],
    ['argument', { 'mcp.request.argument.password': 'S' }, { 'mcp.request.argument.password': MASK }],
    [
      'number',
      { 'user.pwd': 12, tokens: 12, 'db.passwords': [1, 2] },
      { 'user.pwd': MASK, tokens: 12, 'db.passwords': [MASK, MASK] },
    ],
    [
      'command line',
      { 'process.command_args': ['x', '--token', 'S'] },
      { 'process.command_args': ['x', '--token', MASK] },
    ],
    ['query', { 'url.query': 'code=a b&x=1' }, { 'url.query': `code=${MASK}&x=1` }],
  ])('hide what the key of an attribute announces: %s', (_, given, expected) => {
    expect(attributes(given)).toEqual(expected);
  });

  it('R9: keep counts of tokens and other harmless keys', () => {
    const given = { 'gen_ai.usage.input_tokens': 5, 'gen_ai.token.type': 'input', author: 'bob', max_tokens: 7 };
    expect(attributes(given)).toEqual(given);
  });

  it.each(['purl', 'webhook.body', 'link', 'callback', 'redirect', 'href', 'url.full', 'uri', 'x'])(
    'R14: a value is read as text, JSON and address whatever it is called: %s',
    (key) => {
      const given = `{"password":"S"} https://u:S@h/?token=S Authorization: Bearer S`;
      expect(attributes({ [key]: given })[key]).toBe(
        `{"password":"${MASK}"} https://${MASK}@h/?token=${MASK} Authorization: Bearer ${MASK}`,
      );
    },
  );

  it('R15: hide secrets in the keys of attributes, and keep two keys two', () => {
    const given = {
      [`redis://:${SECRET}1@h`]: 1,
      [`redis://:${SECRET}2@h`]: 2,
      'redis://•••@h': 3,
      ['__proto__']: 'x',
    };
    expect(Object.entries(attributes(given))).toEqual([
      ['redis://•••@h (2)', 1],
      ['redis://•••@h (3)', 2],
      ['redis://•••@h', 3],
      ['__proto__', 'x'],
    ]);
  });

  it('let only hashed session ids through', () => {
    expect(attributes({ 'mcp.session.id': '0123456789ab' })).toEqual({ 'mcp.session.id': '0123456789ab' });
    const hashed = expect.stringMatching(/^•••#[0-9a-f]{8}$/);
    expect(attributes({ 'mcp.session.id': '6b3a2c1e-0d4f-4a59-8b1c-2d3e4f5a6b7c' })).toEqual({
      'mcp.session.id': hashed,
    });
    expect(attributes({ 'session.id': '0123456789ab' })).toEqual({ 'session.id': hashed });
  });

  it('R20: are cut to the limit of each text', () => {
    const long = 'x'.repeat(100_000);
    const span = redactor.span(
      rawSpan({
        status: { code: 'error', message: long },
        attributes: {
          'user_agent.original': long,
          'url.full': long,
          'server.url': long,
          a: long,
          list: [long],
          [long]: 1,
        },
        events: [{ name: 'exception', time: unixNano(1n), attributes: { 'exception.message': long } }],
      }),
    );
    const lengths = Object.values(span.attributes).map((value) =>
      Array.isArray(value) ? value[0].length : String(value).length,
    );
    expect(lengths).toEqual([500, 2_000, 2_000, 8_192, 8_192, 1]);
    expect(Object.keys(span.attributes).at(-1)).toHaveLength(256);
    expect(span.status.message).toHaveLength(1_024);
    expect(String(span.events[0]?.attributes['exception.message'])).toHaveLength(1_024);
  });

  it('R27: lose control characters before rules read them', () => {
    expect(attributes({ a: 'password\u001b[0m: \u001b[31mS\u001b[0m\u202e' })).toEqual({ a: `password: ${MASK}` });
    expect(redactor.span(rawSpan({ name: 'a\u202eb' })).name).toBe('a\ufffdb');
  });

  it('survive values that no type allows', () => {
    const given = JSON.parse('{"a":null,"b":[null,{"password":"S"}],"c":{"password":"S"}}') as Attributes;
    expect(JSON.stringify(attributes(given))).not.toContain('"S');
  });
});
