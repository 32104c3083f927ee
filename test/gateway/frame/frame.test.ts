import { describe, expect, it } from 'vitest';
import { isToolError, parseFrame } from '../../../src/gateway/frame/frame.ts';

function kindOf(text: string): string {
  const parsed = parseFrame(text);
  return parsed.ok ? parsed.value.kind : parsed.error.kind;
}

describe('reading a frame', () => {
  it.each([
    ['request', '{"jsonrpc":"2.0","id":"a","method":"ping"}'],
    ['notification', '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
    ['result', '{"jsonrpc":"2.0","id":1,"result":null}'],
    ['error', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}'],
    ['parse', '{"jsonrpc":'],
    ['invalid', '[]'],
    ['invalid', '"text"'],
    ['invalid', '{"jsonrpc":"1.0","id":1,"method":"x"}'],
    ['invalid', '{"jsonrpc":"2.0","id":1}'],
    ['invalid', '{"jsonrpc":"2.0","result":1}'],
    ['invalid', '{"jsonrpc":"2.0","id":{},"method":"x"}'],
    ['invalid', '{"jsonrpc":"2.0","id":1,"method":7}'],
    ['invalid', '{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}'],
  ])('takes for %s: %s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('tells which request a malformed answer was for, so that its caller can be told', () => {
    const parsed = parseFrame('{"id":7,"result":{}}');
    expect(parsed).toMatchObject({ ok: false, error: { kind: 'invalid', idText: '7' } });
  });

  it('keeps the source of an id that a number cannot hold', () => {
    expect(parseFrame('{"jsonrpc":"2.0","id":90071992547409931,"method":"x"}')).toMatchObject({
      value: { idText: '90071992547409931' },
    });
  });

  it('tells a tool that failed from one that did not', () => {
    const failed = parseFrame('{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[]}}');
    const worked = parseFrame('{"jsonrpc":"2.0","id":1,"result":{"isError":"true"}}');
    expect([failed, worked].map((frame) => frame.ok && isToolError(frame.value))).toEqual([true, false]);
  });
});
