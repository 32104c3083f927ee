import { describe, expect, it } from 'vitest';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import { MASK, rawPayload, rawSpan, testRedactor } from '../masked.ts';
import { JWT, SECRETS, pem } from '../rules/shapes/samples.ts';

const KNOWN = new Set(['kJ8s0dkq2LmZ7xPq', 'ghost writer+of/secrets']);

describe('reading what is about to leave', () => {
  const redactor = testRedactor({ knownSecrets: KNOWN });

  it.each([
    ['{"a":[{"note":"x","password":"hunter2"}]}', { rule: 'key-name', kind: 'password', near: 'password' }],
    ['{"a":"Authorization: Bearer abc.def"}', { rule: 'label', kind: 'authorization', near: 'a' }],
    [
      '{"key":"http.request.header.x-api-key","value":{"stringValue":"S"}}',
      { kind: 'api-key', near: 'http.request.header.x-api-key' },
    ],
    ['{"key":"note","value":{"stringValue":"see kJ8s0dkq2LmZ7xPq"}}', { rule: 'known-value', near: 'note' }],
    [`plain ${encodeURIComponent('ghost writer+of/secrets')}`, { rule: 'known-value', near: '' }],
    [`note: ${JWT}`, { rule: 'jwt', near: 'note' }],
    [pem('PRIVATE KEY'), { rule: 'private-key' }],
    ['{"key":"mcp.session.id","value":{"stringValue":"6b3a2c1e-0d4f-4a59-8b1c-2d3e4f5a6b7c"}}', { kind: 'session-id' }],
    ['{"session_id":"0123456789ab"}', { kind: 'session-id' }],
  ])('R26: finds %s', (text, hit) => {
    expect(redactor.inspect(text)).toMatchObject([hit]);
    expect(JSON.stringify(redactor.inspect(text))).not.toMatch(/hunter2|abc\.def|kJ8s|ghost/);
  });

  it('says where, in lines and columns', () => {
    const text = '{"a":1}\n{"a":2, "password":"x"}\n\npassword: y';
    expect(redactor.inspect(text)).toMatchObject([
      { line: 2, column: 21 },
      { line: 4, column: 11, near: 'password' },
    ]);
  });

  it.each([
    '{"key":"mcp.session.id","value":{"stringValue":"0123456789ab"}}',
    '{"mcp.session.id":"0123456789ab","password":"•••","token":"•••#0123abcd","apiKey":"•••9xYz","secret":""}',
    '{"key":"tokens","value":{"intValue":"12"}}',
    `{"_truncated":true,"_preview":"{\\"value\\":\\"Paris"}`,
    'password: ••• ⏎ at f (file.js:1:2)',
    'url=https://•••@h/?token=•••&a=1',
  ])('R26: lets %s pass, in which everything is hidden', (text) => {
    expect(redactor.inspect(text)).toEqual([]);
  });

  it('R26: lets all pass that this program writes about what it recorded', () => {
    const secrets = Object.values(SECRETS).flat().slice(0, -7);
    const noise = [
      'password: S ome thing',
      'Authorization: Bearer x1',
      'https://u:p@h/?token=x&a=1',
      ...secrets,
      ...KNOWN,
    ];
    const small = testRedactor({ knownSecrets: KNOWN, limits: { payloadBytes: 400, attributeLength: 50, url: 30 } });
    for (const by of [redactor, small]) {
      const spans = noise.map((text, index) =>
        by.span(
          rawSpan({
            name: `call ${index}`,
            status: { code: 'error', message: text },
            attributes: {
              'mcp.session.id': '0123456789ab',
              'gen_ai.usage.input_tokens': 12,
              tokens: 12,
              'user.pwd': 12,
              password: text,
              'url.full': text,
              list: [text, 'x'],
            },
            events: [{ name: 'exception', time: unixNano(1n), attributes: { 'exception.message': text } }],
          }),
        ),
      );
      const payloads = noise.map((text) =>
        by.payload(
          rawPayload(
            JSON.stringify({
              params: { list: [text, { name: 'city', value: text }] },
              tokens: 3,
              pad: 'x'.repeat(200),
            }),
          ),
        ),
      );
      for (const format of ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const) {
        const bytes = encodeTraces(spans, payloads, { format, withPayloads: true });
        expect(by.inspect(new TextDecoder().decode(bytes))).toEqual([]);
      }
      const ours = JSON.stringify({ spans, payloads }, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(by.inspect(ours)).toEqual([]);
      for (const text of noise) expect(by.inspect(by.text(`first ${text}\nand more`))).toEqual([]);
    }
  });

  it('follows the rules of the user and the secrets that are learned', () => {
    const known = new Set<string>();
    const learning = testRedactor({ knownSecrets: known });
    expect(learning.inspect('{"customer":"c-1","x":"wonderland"}')).toEqual([]);
    known.add('wonderland');
    learning.apply({ rules: [{ id: 'mine', match: { type: 'key', name: 'customer' }, action: 'mask' }], builtIn: {} });
    expect(learning.inspect('{"customer":"c-1","x":"wonderland"}').map(({ rule }) => rule)).toEqual([
      'mine',
      'known-value',
    ]);
    expect(learning.inspect(`{"customer":"${MASK}"}`)).toEqual([]);
  });
});
