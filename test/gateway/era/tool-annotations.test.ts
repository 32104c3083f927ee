import { describe, expect, it } from 'vitest';
import { repeatedParameters, withoutInvalidTools } from '../../../src/gateway/era/tool-annotations.ts';
import { parseFrame, type ResponseFrame } from '../../../src/gateway/frame/frame.ts';

function frameOf(text: string): ResponseFrame {
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind === 'request' || parsed.value.kind === 'notification') throw new Error(text);
  return parsed.value;
}

const toolText = (name: string, ...headers: readonly unknown[]): string =>
  JSON.stringify({
    name,
    inputSchema: {
      properties: Object.fromEntries(
        headers.map((header, index) => [`p${index}`, { type: 'string', 'x-mcp-header': header }]),
      ),
    },
  });

const listText = (...tools: readonly string[]): string =>
  `{"jsonrpc":"2.0","id":1,"result":{ "tools" : [ ${tools.join(' ,\n')} ], "n":1.0 }}`;

const named = (type: unknown, header: unknown, more: object = {}) => ({ type, 'x-mcp-header': header, ...more });
const tool = (inputSchema: object) => ({ name: 't', inputSchema: { type: 'object', ...inputSchema } });

describe('the parameters of a tool that calls repeat in headers', () => {
  it('are those that its schema names headers for, at any depth that the names of properties lead to', () => {
    const place = { type: 'object', properties: { city: named('string', 'City'), zip: { type: 'string' } } };
    const schema = { properties: { count: named('integer', 'Count'), dry: named('boolean', 'Dry'), place } };
    const found = repeatedParameters(tool(schema))?.toSorted((a, b) => a.header.localeCompare(b.header));
    expect(found).toEqual([
      { path: ['place', 'city'], header: 'Mcp-Param-City' },
      { path: ['count'], header: 'Mcp-Param-Count' },
      { path: ['dry'], header: 'Mcp-Param-Dry' },
    ]);
  });

  it('are none where the annotation is the name of a parameter or stands in a value', () => {
    const properties = { 'x-mcp-header': { type: 'string', default: { 'x-mcp-header': 7 } } };
    expect(repeatedParameters(tool({ properties, examples: [{ 'x-mcp-header': 7 }] }))).toEqual([]);
    for (const nothing of [undefined, {}, { inputSchema: 7 }, tool({ properties: [] })])
      expect(repeatedParameters(nothing)).toEqual([]);
  });

  it.each([
    ['an empty name', { properties: { a: named('string', '') } }],
    ['a name with a space', { properties: { a: named('string', 'My Region') } }],
    ['a name that would end the header', { properties: { a: named('string', 'A\r\nHost') } }],
    ['a name that is no text', { properties: { a: named('string', 7) } }],
    ['an object', { properties: { a: named('object', 'A') } }],
    ['a list', { properties: { a: named('array', 'A') } }],
    ['a number that may be no integer', { properties: { a: named('number', 'A') } }],
    [
      'one name in other letters at another depth',
      { properties: { a: named('string', 'A'), b: { properties: { c: named('string', 'a') } } } },
    ],
    ['one in the elements of a list', { properties: { a: { type: 'array', items: named('string', 'A') } } }],
    ['one in one of several schemas', { anyOf: [{ properties: { a: named('string', 'A') } }] }],
    ['one under a condition', { then: { properties: { a: named('string', 'A') } } }],
    ['one that is only referred to', { $defs: { a: named('string', 'A') } }],
    ['one for names of a pattern', { patternProperties: { '^a': named('string', 'A') } }],
    ['one for all the arguments', { 'x-mcp-header': 'A' }],
  ])('cannot be known when the schema gives a header %s', (_what, schema) => {
    expect(repeatedParameters(tool(schema))).toBeNull();
  });

  it('are looked for in a schema of any depth', () => {
    let schema: object = named('string', 'A');
    for (let depth = 0; depth < 100_000; depth += 1) schema = { properties: { a: schema } };
    expect(repeatedParameters({ inputSchema: schema })).toBeNull();
  });
});

describe('a list of tools of the stateless era', () => {
  it('stays as it is when every tool can be called as its schema wants', () => {
    const frame = frameOf(listText(toolText('plain'), toolText('named', 'Region', 'Priority'), '{"name":"bare"}'));
    expect(withoutInvalidTools(frame)).toBe(frame);
  });

  it.each([
    ['an empty name', ['']],
    ['a name that is no text', [7]],
    ['a name with a space', ['My Region']],
    ['one name twice', ['Region', 'Region']],
    ['one name in other letters', ['Region', 'region']],
  ])('is without a tool that gives a header %s, and otherwise as it came', (_what, headers) => {
    const [first, last] = ['{"name":"a","z":1.0}', toolText('b', 'Region')];
    const cleaned = withoutInvalidTools(frameOf(listText(first, toolText('wrong', ...headers), last)));
    expect(cleaned.text).toBe(`{"jsonrpc":"2.0","id":1,"result":{ "tools" : [${first},${last}], "n":1.0 }}`);
  });

  it('is without a tool that wants a header for what is no plain value', () => {
    const wrong = '{"name":"w","inputSchema":{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}}';
    expect(withoutInvalidTools(frameOf(listText(wrong))).text).toContain('"tools" : []');
  });

  it('may be no list at all', () => {
    for (const text of [
      '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"result":{"tools":7}}',
    ]) {
      const frame = frameOf(text);
      expect(withoutInvalidTools(frame)).toBe(frame);
    }
  });
});
