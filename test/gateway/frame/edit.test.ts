import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, editId, editParam, editProgressToken, editTraceContext } from '../../../src/gateway/frame/edit.ts';
import { parseFrame, type RequestFrame } from '../../../src/gateway/frame/frame.ts';

const CONTEXT = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=1' };

function request(text: string): RequestFrame {
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error(`not a request: ${text}`);
  return parsed.value;
}

function metaOf(text: string): unknown {
  return (JSON.parse(text) as { params: { _meta: unknown } }).params._meta;
}

describe('editing a frame', () => {
  it('changes the id and no other byte', () => {
    const frame = request(
      '{ "jsonrpc":"2.0",  "id" : 9007199254740993.0 , "method":"x","params":{"n":1.0,"e":"\\u00e9"}}',
    );
    expect(frame.idText).toBe('9007199254740993.0');
    expect(applyEdits(frame.text, editId(frame, '7'))).toBe(
      '{ "jsonrpc":"2.0",  "id" : 7 , "method":"x","params":{"n":1.0,"e":"\\u00e9"}}',
    );
  });

  it.each([
    ['no params', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
    ['empty params', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}'],
    ['params without _meta', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"a"}}'],
    ['an empty _meta', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}'],
  ])('R58: puts the trace context into _meta of a message with %s', (_name, text) => {
    const frame = request(text);
    expect(metaOf(applyEdits(text, editTraceContext(frame, CONTEXT)))).toEqual(CONTEXT);
  });

  it('R60: keeps the other keys of _meta, as they were written', () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1.0,"com.acme/k":"\\u0041"}}}';
    const edited = applyEdits(text, editTraceContext(request(text), CONTEXT));
    expect(edited).toContain('"progressToken":1.0,"com.acme/k":"\\u0041"');
    expect(metaOf(edited)).toEqual({ progressToken: 1, 'com.acme/k': 'A', ...CONTEXT });
  });

  it("R61: replaces the caller's context in any letter case and never has two", () => {
    const text =
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"Traceparent":"00-old","TRACESTATE":"old=1","Baggage":"k=v","traceparent":"00-older"}}}';
    const edited = applyEdits(text, editTraceContext(request(text), CONTEXT));
    expect(edited).not.toMatch(/old|k=v/);
    expect(edited.match(/traceparent/gi)).toHaveLength(1);
    expect(metaOf(edited)).toEqual(CONTEXT);
  });

  it("removes the caller's context where ours must not go", () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"traceparent":"00-old","a":1}}}';
    expect(metaOf(applyEdits(text, editTraceContext(request(text), null)))).toEqual({ a: 1 });
  });

  it.each([
    ['no params', '', { ...CONTEXT, 'com.acme/new': 1 }],
    ['an empty _meta', ',"params":{"_meta":{ }}', { ...CONTEXT, 'com.acme/new': 1 }],
    ['a _meta', ',"params":{"_meta":{"a":1}}', { a: 1, ...CONTEXT, 'com.acme/new': 1 }],
    ['a context', ',"params":{"_meta":{"TraceParent":"00-old"}}', { ...CONTEXT, 'com.acme/new': 1 }],
    ['a context and more', ',"params":{"_meta":{"baggage":"b","a":1}}', { a: 1, ...CONTEXT, 'com.acme/new': 1 }],
  ])('puts other members beside the trace context into a message with %s', (_name, params, expected) => {
    const text = `{"jsonrpc":"2.0","id":1,"method":"x"${params}}`;
    const others = '"com.acme/new":1';
    expect(metaOf(applyEdits(text, editTraceContext(request(text), CONTEXT, { others })))).toEqual(expected);
    const { traceparent: _parent, tracestate: _state, ...without } = expected;
    expect(metaOf(applyEdits(text, editTraceContext(request(text), null, { others })))).toEqual(without);
  });

  it('leaves a _meta that is no object to the server', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":"odd"}}';
    expect(editTraceContext(request(text), CONTEXT)).toEqual([]);
  });

  it('edits the last of two members with one key, which is the one that counts', () => {
    const text = '{"jsonrpc":"2.0","id":1,"id":2,"method":"x","params":{"name":"a","name":"b"}}';
    const frame = request(text);
    expect(applyEdits(text, [...editId(frame, '9'), ...editParam(frame, 'name', 'c')])).toBe(
      '{"jsonrpc":"2.0","id":1,"id":9,"method":"x","params":{"name":"a","name":"c"}}',
    );
  });

  it('exchanges a progress token inside _meta of a request', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":"t"}}}';
    expect(metaOf(applyEdits(text, editProgressToken(request(text), '"ours"')))).toEqual({ progressToken: 'ours' });
  });

  it('R60: changes nothing else, whatever the message holds and however it is spaced', () => {
    const message = fc.record({
      params: fc.dictionary(fc.string(), fc.jsonValue()),
      indent: fc.constantFrom(0, 1, '\t'),
      id: fc.oneof(fc.integer(), fc.string()),
    });
    fc.assert(
      fc.property(message, ({ params, indent, id }) => {
        const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'x', params }, null, indent);
        const frame = request(text);
        const edited = applyEdits(text, [...editId(frame, '42'), ...editTraceContext(frame, CONTEXT)]);
        const before = JSON.parse(text) as { params: Record<string, unknown> };
        const after = JSON.parse(edited) as { id: unknown; params: Record<string, unknown> };
        expect(after.id).toBe(42);
        const { _meta: _before, ...restBefore } = before.params;
        const { _meta: _after, ...restAfter } = after.params;
        expect(restAfter).toEqual(restBefore);
      }),
    );
  });
});
