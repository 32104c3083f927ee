import { describe, expect, it } from 'vitest';
import { MASK, rawPayload, testRedactor } from './masked.ts';

const small = testRedactor({ limits: { payloadBytes: 200 } });
const redactor = testRedactor();

interface Preview {
  readonly _truncated: boolean;
  readonly _originalBytes: number;
  readonly _preview: string;
}

describe('payloads', () => {
  it('are kept as they travelled where nothing is hidden', () => {
    const text = '{ "jsonrpc":"2.0", "id":12345678901234567890, "x":1.0,"x":"\\u00e9" }\n';
    expect(redactor.payload(rawPayload(text))).toEqual({
      ...rawPayload(text),
      originalBytes: Buffer.byteLength(text),
      truncated: false,
      findings: [],
    });
  });

  it('R6: hide secrets in the text content of an MCP answer', () => {
    const text = JSON.stringify({ result: { content: [{ type: 'text', text: '{"api_key":"SECRET","n":1}' }] } });
    const payload = redactor.payload(rawPayload(text));
    expect(payload.text).toBe(text.replace('SECRET', MASK));
    expect(payload.findings).toMatchObject([{ path: '/result/content/0/text', start: 12, end: 15, kind: 'api-key' }]);
  });

  it('R21: that are too large say so, give their size and stay JSON', () => {
    const text = JSON.stringify({ a: 'é'.repeat(500), 'b"\\': '"'.repeat(500) });
    const payload = small.payload(rawPayload(text));
    const preview = JSON.parse(payload.text) as Preview;
    expect(payload).toMatchObject({ mediaType: 'application/json', truncated: true });
    expect(payload.originalBytes).toBe(Buffer.byteLength(text));
    expect(preview).toMatchObject({ _truncated: true, _originalBytes: Buffer.byteLength(text) });
    expect(text.startsWith(preview._preview)).toBe(true);
    expect(preview._preview.length).toBeGreaterThan(50);
    expect(Buffer.byteLength(payload.text)).toBeLessThanOrEqual(200);
  });

  it('are the same when no more of a large one is held than is read of it', () => {
    const secret = `"password":"${'S'.repeat(60)}",`;
    for (const [pad, size] of [
      [150, 0],
      [150, 400_000],
      [250_000, 400_000],
    ] as const) {
      const payload = rawPayload(`{"pad":"${'ö'.repeat(pad)}",${secret}"rest":"${'🧵'.repeat(size)}"}`);
      for (const each of [redactor, small])
        expect(each.payload(each.shortened(payload))).toEqual(each.payload(payload));
    }
    const large = rawPayload(JSON.stringify('x'.repeat(1_000_000)));
    expect(redactor.shortened(large).text.length).toBeLessThan(300_000);
    // What is no JSON may grow shorter before it is cut.
    const lines = { ...large, mediaType: 'text/plain' };
    expect(redactor.shortened(lines)).toBe(lines);
  });

  it('R20: are redacted before they are cut, wherever the cut falls', () => {
    for (let pad = 0; pad < 220; pad += 1) {
      const text = JSON.stringify({ pad: 'x'.repeat(pad), password: 'S'.repeat(60), b: 'y'.repeat(300) });
      const payload = small.payload(rawPayload(text));
      const { _preview: preview } = JSON.parse(payload.text) as Preview;
      expect(preview).not.toContain('S');
      expect(preview.split('•').length - 1).toBe(payload.findings.length * MASK.length);
      for (const { path, start, end } of payload.findings) {
        expect([path, preview.slice(start, end)]).toEqual(['/_preview', MASK]);
      }
    }
  });

  it('R20: are never cut inside a character', () => {
    for (let pad = 0; pad < 8; pad += 1) {
      const payload = small.payload(rawPayload(JSON.stringify(['x'.repeat(pad) + '😀'.repeat(200)])));
      expect((JSON.parse(payload.text) as Preview)._preview.isWellFormed()).toBe(true);
      const plain = small.payload(rawPayload('x'.repeat(pad) + '😀'.repeat(200), 'text/plain'));
      expect(plain.text.isWellFormed()).toBe(true);
    }
  });

  it('R21: of many megabytes are read only as far as the preview needs', () => {
    const text = `{"password":"S","a":"${'x'.repeat(20_000_000)}"}`;
    const payload = redactor.payload(rawPayload(text));
    const { _preview: preview } = JSON.parse(payload.text) as Preview;
    expect(preview.startsWith(`{"password":"${MASK}","a":"xxx`)).toBe(true);
    expect(Buffer.byteLength(payload.text)).toBeLessThanOrEqual(262_144);
    expect(payload.originalBytes).toBe(text.length);
  });

  it('R21: that grow over the limit by being redacted are cut, too', () => {
    const text = JSON.stringify(Array.from({ length: 10 }, () => ({ token: 1 })));
    expect(text.length).toBeLessThan(200);
    const payload = small.payload(rawPayload(text));
    expect(payload.truncated).toBe(true);
    expect(JSON.parse(payload.text)).toMatchObject({ _originalBytes: text.length });
  });

  it('that only claim to be JSON are kept as text', () => {
    const payload = redactor.payload(rawPayload('{"password":"S", oops'));
    expect(payload).toMatchObject({ mediaType: 'text/plain', text: '{"password":"•••", oops', truncated: false });
    expect(redactor.payload(rawPayload(''))).toMatchObject({ mediaType: 'text/plain', text: '', originalBytes: 0 });
  });

  it('of another type are read as text', () => {
    const text = 'event: message\ndata: {"token":"S"}\n\n';
    const payload = redactor.payload(rawPayload(text, 'text/event-stream'));
    expect(payload).toMatchObject({ mediaType: 'text/event-stream', text: text.replace('"S"', '"•••"') });
    expect(payload.findings).toMatchObject([{ path: '', rule: 'key-name' }]);
  });

  it('R20: of another type that are too large end with their size', () => {
    const payload = small.payload(rawPayload(`password: S\n${'y'.repeat(1_000)}`, 'text/plain'));
    expect(payload.text).toMatch(/^password: •••\ny+… \[cut: 1012 bytes\]$/);
    expect(Buffer.byteLength(payload.text)).toBeLessThanOrEqual(200);
    expect(payload).toMatchObject({ truncated: true, originalBytes: 1_012 });
  });
});
