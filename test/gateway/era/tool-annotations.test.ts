import { describe, expect, it } from 'vitest';
import { withoutInvalidTools } from '../../../src/gateway/era/tool-annotations.ts';
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
