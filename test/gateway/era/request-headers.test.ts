import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodedHeader,
  encodedHeader,
  headerMismatch,
  requestHeaders,
} from '../../../src/gateway/era/request-headers.ts';
import { requestText } from '../../../src/gateway/frame/compose.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';

const VERSION = '2026-07-28';

describe('the value of a header', () => {
  it('is the text itself when that is plain ASCII', () => {
    for (const text of ['get_sum', 'file:///a b/c?d=é'.replace('é', 'e'), '=?base64?']) {
      expect(encodedHeader(text)).toBe(text);
    }
  });

  it('is the Base64 of its UTF-8 when HTTP would not hand it on as it is, or it looks as if it were that', () => {
    const encoded = {
      Zoë: 'Wm/Dqw==',
      ' a': 'IGE=',
      'a ': 'YSA=',
      'a\nb': 'YQpi',
      '': '',
      '=?base64?YQ==?=': 'PT9iYXNlNjQ/WVE9PT89',
    };
    for (const [text, base64] of Object.entries(encoded)) expect(encodedHeader(text)).toBe(`=?base64?${base64}?=`);
  });

  it('can be sent, and says the text again, whatever that is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string().map((inner) => `=?base64?${inner}?=`),
    );
    fc.assert(
      fc.property(text, (sent) => {
        const value = encodedHeader(sent);
        validateHeaderValue('mcp-name', value);
        expect(decodedHeader(value.trim())).toBe(sent);
      }),
    );
  });
});

describe('a value that no client may send', () => {
  it.each(['=?base64?YQ?=', '=?base64?Y!==?=', 'Zoë', 'a\u0001'])('says nothing: %s', (value) => {
    expect(decodedHeader(value)).toBeNull();
    const frame = asRequest(requestText('1', 'tools/call', { name: value }));
    const headers = { ...requestHeaders(frame, VERSION), 'mcp-name': value };
    expect(headerMismatch(headers, frame, { protocolVersion: VERSION })).toMatch(
      /^The Mcp-Name header does not repeat/,
    );
  });
});

describe('the headers of a request', () => {
  const named: readonly (readonly [string, object, string | undefined])[] = [
    ['tools/call', { name: 'sum', uri: 'x' }, 'sum'],
    ['prompts/get', { name: 'greeting' }, 'greeting'],
    ['resources/read', { name: 'x', uri: 'file:///a' }, 'file:///a'],
    ['tools/list', { name: 'x' }, undefined],
    ['tools/call', { name: 1 }, undefined],
  ];

  it.each(named)('repeat the method and what %s with %o is about', (method, params, name) => {
    const headers = requestHeaders(asRequest(requestText('1', method, params)), VERSION);
    const expected = { 'mcp-protocol-version': VERSION, 'mcp-method': method };
    expect(headers).toEqual(name === undefined ? expected : { ...expected, 'mcp-name': name });
  });

  it('name no version when the request does not', () => {
    expect(requestHeaders(asRequest(requestText('1', 'server/discover', {})), null)).toEqual({
      'mcp-method': 'server/discover',
    });
  });

  it('are what the gateway asks for', () => {
    for (const name of ['sum', 'Zoë', ' ', '']) {
      const frame = asRequest(requestText('1', 'tools/call', { name }));
      const headers = requestHeaders(frame, VERSION);
      expect(headerMismatch(headers, frame, { protocolVersion: VERSION })).toBeNull();
      const { 'mcp-name': _, ...without } = headers;
      expect(headerMismatch(without, frame, { protocolVersion: VERSION })).toMatch(/^The Mcp-Name header is missing/);
    }
  });
});
