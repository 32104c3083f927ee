import { describe, expect, it } from 'vitest';
import { MASK, maskedJson } from './masked.ts';

describe('keys of a JSON document', () => {
  it('decide about all that stands below them', () => {
    expect(
      maskedJson({
        credentials: { user: 'bob', list: ['a', { b: 'c' }], port: 5432, on: true, none: null, empty: '' },
      }),
    ).toEqual({ credentials: { user: MASK, list: [MASK, { b: MASK }], port: MASK, on: true, none: null, empty: '' } });
  });

  it('R7: keep the scheme of an authorization', () => {
    expect(maskedJson({ Authorization: 'Digest username="S"', authorization: 'S', list: [] })).toEqual({
      Authorization: `Digest ${MASK}`,
      authorization: MASK,
      list: [],
    });
  });

  it('leave counts of tokens, but not lists of tokens', () => {
    expect(maskedJson({ tokens: 12, usage: { tokens: { in: 1 } }, x: { tokens: ['S'] } })).toEqual({
      tokens: 12,
      usage: { tokens: { in: 1 } },
      x: { tokens: [MASK] },
    });
  });
});

describe('names beside their values', () => {
  it.each([
    [
      { name: 'password', value: 'S' },
      { name: 'password', value: MASK },
    ],
    [
      { value: 'S', key: 'x-api-key' },
      { value: MASK, key: 'x-api-key' },
    ],
    [
      { header: 'Authorization', value: 'Bearer S' },
      { header: 'Authorization', value: `Bearer ${MASK}` },
    ],
    [
      { Name: 'cookie', values: ['S', 'S'] },
      { Name: 'cookie', values: [MASK, MASK] },
    ],
    [
      ['authorization', 'Token S'],
      ['authorization', `Token ${MASK}`],
    ],
    [
      {
        headers: [
          ['accept', '*/*'],
          ['cookie', 'a=S'],
        ],
      },
      {
        headers: [
          ['accept', '*/*'],
          ['cookie', MASK],
        ],
      },
    ],
    [{ rawHeaders: ['Accept', 'x', 'X-Api-Key', 'S'] }, { rawHeaders: ['Accept', 'x', 'X-Api-Key', MASK] }],
    [{ args: ['--port', '80', '--api-key', 'S', '-v'] }, { args: ['--port', '80', '--api-key', MASK, '-v'] }],
  ])('R12: hide the value in %j', (value, expected) => {
    expect(maskedJson(value)).toEqual(expected);
  });

  it.each([
    { name: 'city', value: 'Paris' },
    { name: 'get_token', description: 'Gets a token', arguments: { a: 'b' } },
    { name: 'token', value: true },
    ['name', 'token'],
    { required: ['token', 'channel'] },
    { enum: ['password', 'oauth'] },
    { args: ['--token', '--verbose'] },
    ['token', 'a', 'b'],
  ])('leave %j as it is', (value) => {
    expect(maskedJson(value)).toEqual(value);
  });
});

describe('the schema of a tool', () => {
  const schema = {
    type: 'object',
    properties: {
      password: { type: 'string', title: 'Password', description: 'The password', minLength: 8 },
      token: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      page: { type: 'number', default: 1 },
    },
    required: ['password', 'token'],
  };

  it('stays readable where it describes secrets', () => {
    const tool = { name: 'login', inputSchema: schema, outputSchema: schema };
    expect(maskedJson({ result: { tools: [tool] } })).toEqual({ result: { tools: [tool] } });
  });

  it('loses the examples and defaults of a secret property', () => {
    const password = { type: 'string', default: 'S', examples: ['S'], const: 'S' };
    expect(maskedJson({ inputSchema: { properties: { password } } })).toEqual({
      inputSchema: { properties: { password: { type: 'string', default: MASK, examples: [MASK], const: MASK } } },
    });
  });

  it('hides a value that only pretends to be in a schema', () => {
    expect(maskedJson({ arguments: { inputSchema: { password: 'S', pin: { token: 5 } } } })).toEqual({
      arguments: { inputSchema: { password: MASK, pin: { token: MASK } } },
    });
  });
});
