import { describe, expect, it } from 'vitest';
import { parameterHeaders } from '../../../src/gateway/era/parameter-headers.ts';

const named = (type: unknown, header: unknown) => ({ type, 'x-mcp-header': header });
const tool = (properties: Record<string, unknown>) => ({ name: 't', inputSchema: { type: 'object', properties } });

describe('the headers that repeat arguments of a call', () => {
  it('are those that the schema names, each written so that HTTP leaves it as it is', () => {
    const schema = tool({
      region: named('string', 'Region'),
      priority: named('integer', 'Priority'),
      dry: named('boolean', 'Dry'),
      city: named('string', 'City'),
      query: { type: 'string' },
    });
    const args = { region: 'us west', priority: 42, dry: false, city: 'Köln', query: 'x', extra: 1 };
    expect(parameterHeaders(schema, args)).toEqual({
      'mcp-param-region': 'us west',
      'mcp-param-priority': '42',
      'mcp-param-dry': 'false',
      'mcp-param-city': `=?base64?${Buffer.from('Köln').toString('base64')}?=`,
    });
  });

  it('leave out what is not there, is null or is no plain value', () => {
    const schema = tool({ a: named('string', 'A'), b: named('string', 'B'), c: named('string', 'C') });
    expect(parameterHeaders(schema, { b: null, c: ['x'] })).toEqual({});
    expect(parameterHeaders(schema, 'text')).toEqual({});
    expect(parameterHeaders(undefined, {})).toEqual({});
    expect(parameterHeaders({ name: 't' }, { a: 'x' })).toEqual({});
  });

  it.each([
    ['an empty name', named('string', '')],
    ['a name with a space', named('string', 'My Region')],
    ['a name that would end the header', named('string', 'A\r\nHost')],
    ['no name', named('string', 7)],
    ['an object', named('object', 'A')],
    ['a number that may be no integer', named('number', 'A')],
  ])('leave out a parameter with %s', (_what, property) => {
    expect(parameterHeaders(tool({ a: property }), { a: 'x' })).toEqual({});
  });
});
