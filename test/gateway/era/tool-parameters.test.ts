import { describe, expect, it } from 'vitest';
import { learnParameters, parametersOf } from '../../../src/gateway/era/tool-parameters.ts';
import { parseFrame, type ResponseFrame } from '../../../src/gateway/frame/frame.ts';

const tool = (name: string, header: unknown) => ({
  name,
  inputSchema: { properties: { a: { type: 'string', 'x-mcp-header': header } } },
});

function listOf(...tools: readonly object[]): ResponseFrame {
  const parsed = parseFrame(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools } }));
  if (!parsed.ok || parsed.value.kind !== 'result') throw new Error('no list');
  return parsed.value;
}

const headersOf = (server: object, tools: readonly object[], name: unknown): readonly string[] =>
  parametersOf(server, tools as never, name).map(({ header }) => header);

describe("what is known of the parameters of a server's tools", () => {
  it('is what its list said, for tools that can be called so', () => {
    const [server, tools] = [{}, [tool('a', 'One'), tool('b', 'not a name'), { name: 'c' }, { name: 7 }]];
    expect(headersOf(server, tools, 'a')).toEqual(['Mcp-Param-One']);
    for (const name of ['b', 'c', 'd', 7, undefined]) expect(headersOf(server, tools, name)).toEqual([]);
    expect(headersOf({}, [], 'a')).toEqual([]);
  });

  it('is what the newest list said that passed by, until the gateway itself reads anew', () => {
    const [server, other, tools] = [{}, {}, [tool('a', 'One'), tool('b', 'Two')]];
    learnParameters(server, tools, listOf(tool('a', 'Three'), { name: 'b' }, tool('c', 'Four')));
    expect(['a', 'b', 'c'].map((name) => headersOf(server, tools, name))).toEqual([
      ['Mcp-Param-Three'],
      [],
      ['Mcp-Param-Four'],
    ]);
    expect(headersOf(other, tools, 'a')).toEqual(['Mcp-Param-One']);
    expect(headersOf(server, [...tools], 'a')).toEqual(['Mcp-Param-One']);
  });
});
