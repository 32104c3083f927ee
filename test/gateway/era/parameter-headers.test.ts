import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parameterHeaders,
  parameterMismatch,
  unknownParameterHeaders,
} from '../../../src/gateway/era/parameter-headers.ts';
import { requestText } from '../../../src/gateway/frame/compose.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';

const parameter = (header: string, ...path: readonly string[]) => ({ header: `Mcp-Param-${header}`, path });
const call = (args: unknown) => asRequest(requestText('1', 'tools/call', { name: 't', arguments: args }));
const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('the headers that repeat arguments of a call', () => {
  it('are those of the parameters that have one, each written so that HTTP leaves it as it is', () => {
    const parameters = [
      parameter('Region', 'region'),
      parameter('Priority', 'priority'),
      parameter('Dry', 'dry'),
      parameter('City', 'address', 'city'),
    ];
    const args = { region: 'us west', priority: 42, dry: false, address: { city: 'Köln' }, query: 'x', extra: 1 };
    expect(parameterHeaders(parameters, args)).toEqual({
      'mcp-param-region': 'us west',
      'mcp-param-priority': '42',
      'mcp-param-dry': 'false',
      'mcp-param-city': base64('Köln'),
    });
  });

  it('leave out what is not there, is null or is no plain value', () => {
    const parameters = [
      parameter('A', 'a'),
      parameter('B', 'b'),
      parameter('C', 'c'),
      parameter('D', 'd', 'deep'),
      parameter('E', 'toString'),
    ];
    expect(parameterHeaders(parameters, { b: null, c: ['x'], d: ['x'] })).toEqual({});
    expect(parameterHeaders(parameters, 'text')).toEqual({});
    expect(parameterHeaders([], { a: 'x' })).toEqual({});
  });
});

describe('the headers of a call whose tool has parameters with headers', () => {
  const parameters = [parameter('Region', 'region'), parameter('Count', 'where', 'count')];
  const mismatch = (headers: IncomingHttpHeaders, args: unknown, mayBeMissing = false): string | null =>
    parameterMismatch(headers, call(args), parameters, mayBeMissing);

  it.each([
    ['the same text', { 'mcp-param-region': 'us-west' }, { region: 'us-west' }],
    ['the same text, encoded', { 'mcp-param-region': base64('us-west') }, { region: 'us-west' }],
    [
      'text that only looks as if it were encoded',
      { 'mcp-param-region': '=?base64?eA==' },
      { region: '=?base64?eA==' },
    ],
    ['a number', { 'mcp-param-count': '42' }, { where: { count: 42 } }],
    ['a number, written otherwise', { 'mcp-param-count': '42.0' }, { where: { count: 42 } }],
    ['a truth', { 'mcp-param-region': 'true' }, { region: true }],
    ['nothing of what is null', {}, { region: null }],
    ['nothing of what is not there', {}, {}],
    ['nothing of what is no plain value', {}, { region: {}, where: 'x' }],
  ])('are right when they say %s', (_what, headers, args) => {
    expect(mismatch(headers, args)).toBeNull();
  });

  it.each([
    ['another text', { 'mcp-param-region': 'us-east' }, { region: 'us-west' }],
    ['other letters', { 'mcp-param-region': 'US-WEST' }, { region: 'us-west' }],
    ['Base64 without its padding', { 'mcp-param-region': '=?base64?SGVsbG8?=' }, { region: 'Hello' }],
    ['what is no Base64', { 'mcp-param-region': '=?base64?SGVs!!!bG8=?=' }, { region: 'Hello' }],
    ['bytes that are no ASCII', { 'mcp-param-region': 'KÃ¶ln' }, { region: 'KÃ¶ln' }],
    ['another number', { 'mcp-param-count': '42.5' }, { where: { count: 42 } }],
    ['nothing for a zero', { 'mcp-param-count': '' }, { where: { count: 0 } }],
    ['a number as only programs write it', { 'mcp-param-count': '0x2a' }, { where: { count: 42 } }],
    ['another truth', { 'mcp-param-region': 'True' }, { region: true }],
    ['the text of what is null', { 'mcp-param-region': 'null' }, { region: null }],
    ['something of what is not there', { 'mcp-param-region': 'us-west' }, {}],
    ['something of what is a list', { 'mcp-param-region': 'a' }, { region: ['a'] }],
    ['a text twice', { 'mcp-param-region': 'a, a' }, { region: 'a' }],
  ])('are wrong when they say %s', (_what, headers, args) => {
    expect(mismatch(headers, args)).toMatch(/^The Mcp-Param-\w+ header does not repeat params\.arguments\.[.\w]+\.$/);
    expect(mismatch(headers, args, true)).not.toBeNull();
  });

  it('must be there when the argument is, unless the client cannot send any', () => {
    const sentence = 'The Mcp-Param-Count header is missing; it must repeat params.arguments.where.count.';
    expect(mismatch({}, { where: { count: 0 } })).toBe(sentence);
    expect(mismatch({}, { where: { count: 0 } }, true)).toBeNull();
    expect(mismatch({ 'mcp-param-count': '1' }, { where: { count: 0 } }, true)).not.toBeNull();
  });

  it('are right when they are those that the gateway itself would send, whatever the arguments', () => {
    const plain = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(plain, plain, (region, count) => {
        const args = { region, where: { count } };
        const headers = parameterHeaders(parameters, args);
        expect(mismatch(headers, args)).toBeNull();
        for (const name of Object.keys(headers)) {
          expect(mismatch({ ...headers, [name]: undefined }, args)).toMatch(/is missing/);
          expect(mismatch({ ...headers, [name]: `${headers[name] ?? ''}!` }, args)).toMatch(/does not repeat/);
        }
      }),
    );
  });
});

describe('the headers about parameters that nobody here knows', () => {
  it('are all that begin like such a header and have no parameter', () => {
    const headers = { 'mcp-param-region': 'a', 'mcp-param-other': 'b', 'mcp-name': 't', cookie: 'c' };
    expect(unknownParameterHeaders(headers, [parameter('Region', 'region')])).toEqual({ 'mcp-param-other': 'b' });
    expect(unknownParameterHeaders(headers, [])).toEqual({ 'mcp-param-region': 'a', 'mcp-param-other': 'b' });
    expect(unknownParameterHeaders({ cookie: 'c' }, [])).toEqual({});
  });
});
