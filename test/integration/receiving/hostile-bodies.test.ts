import { request } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startReceivingApp, type ReceivingApp } from '../../support/receiving-app.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PROTOBUF_TYPE = { 'Content-Type': 'application/x-protobuf' };
const TRACE_ID = 'ab'.repeat(16);

function bodyOf(...spans: readonly object[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function wireSpan(number: number, more: object = {}): object {
  const times = { startTimeUnixNano: '1764000000000000000', endTimeUnixNano: '1764000000100000000' };
  return { traceId: TRACE_ID, spanId: number.toString(16).padStart(16, '0'), name: 'from outside', ...times, ...more };
}

describe('the receiver', () => {
  let receiving: ReceivingApp;
  beforeAll(async () => {
    receiving = await startReceivingApp();
  }, 60_000);
  afterAll(() => receiving[Symbol.asyncDispose]());

  const counts = async () => (await receiving.app.page.settings.watch({ cursor: null, waitMs: 0 })).receiver;

  it('answers in the form of the request, with nothing to say when all was taken', async () => {
    const json = await receiving.post('{}', { 'Content-Type': 'application/json; charset=utf-8' });
    expect(json.status).toBe(200);
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.json()).toEqual({});
    const protobuf = await receiving.post('', PROTOBUF_TYPE);
    expect(protobuf.status).toBe(200);
    expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf');
    expect((await protobuf.arrayBuffer()).byteLength).toBe(0);
    expect(protobuf.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('takes what it can and says what it did not, as the official client reads it', async () => {
    const before = await counts();
    const body = bodyOf(wireSpan(1), wireSpan(2, { traceId: 'xyz' }), wireSpan(3, { spanId: 'f'.repeat(5_000_000) }));
    const answer = (await (await receiving.post(body, JSON_TYPE)).json()) as { partialSuccess: object };
    expect(answer.partialSuccess).toEqual({
      rejectedSpans: '2',
      errorMessage: expect.stringMatching(
        /^Spans without a trace id .* left out\. Spans without a span id .* left out\.$/,
      ),
    });
    // A span id of two bytes.
    const short = Buffer.from([0x0a, 0x08, 0x12, 0x06, 0x12, 0x04, 0x12, 0x02, 0x01, 0x02]);
    const packed = await receiving.post(gzipSync(short) as never, { ...PROTOBUF_TYPE, 'Content-Encoding': 'gzip' });
    const read = ProtobufTraceSerializer.deserializeResponse(new Uint8Array(await packed.arrayBuffer()));
    expect(read.partialSuccess?.rejectedSpans).toBe(1);
    expect(read.partialSuccess?.errorMessage).toContain('Spans without a trace id of 16 bytes were left out.');
    const after = await counts();
    expect(after.acceptedSpans - before.acceptedSpans).toBe(1);
    expect(after.rejectedSpans - before.rejectedSpans).toBe(3);
  });

  it.each<[string, number, BodyInit, Record<string, string>]>([
    ['JSON that is none', 400, '{"resourceSpans":[', JSON_TYPE],
    ['JSON that is no object', 400, '[]', JSON_TYPE],
    ['protobuf that is none', 400, 'not protobuf at all', PROTOBUF_TYPE],
    ['what is not packed as it says', 400, '{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }],
    [
      'what breaks off while it is unpacked',
      400,
      new Uint8Array(gzipSync('{}').subarray(0, 12)),
      { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    ],
    ['a packing that it does not know', 415, '{}', { ...JSON_TYPE, 'Content-Encoding': 'br' }],
    ['another type', 415, '{}', { 'Content-Type': 'text/plain' }],
    ['a type that only begins like one', 415, '{}', { 'Content-Type': 'application/jsonp' }],
  ])('S24: refuses %s with %i and a Status', async (_, status, body, headers) => {
    const before = await counts();
    const response = await receiving.post(body, headers);
    expect(response.status).toBe(status);
    const isProtobuf = headers['Content-Type'] === PROTOBUF_TYPE['Content-Type'];
    expect(response.headers.get('content-type')).toBe(isProtobuf ? 'application/x-protobuf' : 'application/json');
    const text = await response.text();
    if (!isProtobuf) expect(JSON.parse(text)).toEqual({ code: 3, message: expect.stringMatching(/^[A-Z].*\.$/) });
    else expect(text.startsWith('\b\u0003\u0012')).toBe(true);
    expect((await counts()).refusedRequests - before.refusedRequests).toBe(1);
  });

  it('S24: takes nothing but POST, and gives nothing back', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(receiving.app.runtime.otlp.url, {
        method,
        headers: { Authorization: `Bearer ${receiving.app.runtime.otlp.token}` },
      });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    }
  });

  it('S24: its token opens no other door, and no other token opens it', async () => {
    const { otlp, origin } = receiving.app.runtime;
    for (const path of ['/mcp', '/api/traces', '/api/export', '/rpc', '/v1/mcp', '/sse']) {
      const response = await fetch(origin + path, { headers: { Authorization: `Bearer ${otlp.token}` } });
      expect(response.status).toBe(403);
    }
    const strangers = [{}, { Authorization: 'Bearer wrong' }, { Authorization: `Basic ${otlp.token}` }];
    for (const headers of strangers)
      expect(
        (await fetch(otlp.url, { method: 'POST', body: '{}', headers: { ...JSON_TYPE, ...headers } })).status,
      ).toBe(401);
    expect((await receiving.post('{}', { ...JSON_TYPE, Origin: 'http://evil.test' })).status).toBe(403);
    expect((await receiving.app.rest('/v1/traces', { method: 'POST', body: '{}', headers: JSON_TYPE })).status).toBe(
      200,
    );
  });

  it('S24: gives up a small body that unpacks to a huge one', async () => {
    for (const [packing, bomb] of [
      ['gzip', gzipSync(Buffer.alloc(80 * 1024 * 1024))],
      ['deflate', deflateSync(Buffer.alloc(80 * 1024 * 1024))],
    ] as const) {
      expect(bomb.byteLength).toBeLessThan(100_000);
      const response = await receiving.post(bomb as never, { ...JSON_TYPE, 'Content-Encoding': packing });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({
        message: 'The body has more than 64 MiB unpacked: send fewer spans at a time.',
      });
    }
  });

  it('S24: refuses a body that is too large before it has come, whether it says so or not', async () => {
    const { url, token } = receiving.app.runtime.otlp;
    const ask = (headers: Record<string, string>, body: Buffer): Promise<number> =>
      new Promise((resolve) => {
        const sent = request(url, {
          method: 'POST',
          headers: { ...JSON_TYPE, Authorization: `Bearer ${token}`, ...headers },
        });
        sent.on('response', (response) => {
          resolve(response.statusCode ?? 0);
          sent.destroy();
        });
        sent.on('error', () => undefined);
        sent.write(body);
      });
    expect(await ask({ 'Content-Length': String(17 * 1024 * 1024) }, Buffer.from('{'))).toBe(413);
    expect(await ask({ 'Transfer-Encoding': 'chunked' }, Buffer.alloc(17 * 1024 * 1024, 0x20))).toBe(413);
    expect((await receiving.post('{}', JSON_TYPE)).status).toBe(200);
  });

  it('S24: counts a request that breaks off, and goes on', async () => {
    const before = await counts();
    const { url, token } = receiving.app.runtime.otlp;
    const headers = { ...PROTOBUF_TYPE, Authorization: `Bearer ${token}`, 'Content-Length': '1000' };
    for (const packing of ['identity', 'gzip']) {
      const sent = request(url, { method: 'POST', headers: { ...headers, 'Content-Encoding': packing } });
      sent.on('error', () => undefined);
      sent.write('half', () => sent.destroy());
    }
    await eventually('both are counted', async () => (await counts()).refusedRequests >= before.refusedRequests + 2);
    expect((await receiving.post('{}', JSON_TYPE)).status).toBe(200);
  });

  it('S24: keeps of too many attributes, and of values that are nested too deep, what a span may have', async () => {
    const traceId = 'cd'.repeat(16);
    const attributes = Array.from({ length: 100_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: '1' } }));
    let value: object = { stringValue: 'at the bottom' };
    for (let depth = 0; depth < 500; depth += 1) value = { arrayValue: { values: [value] } };
    const body = bodyOf(
      wireSpan(11, { traceId, attributes }),
      wireSpan(12, { traceId, attributes: [{ key: 'deep', value }] }),
      wireSpan(13, {
        traceId,
        name: 'n'.repeat(1_000_000),
        attributes: [{ key: 'k'.repeat(1_000_000), value: { stringValue: 'v' } }],
      }),
    );
    const answer = await receiving.post(body, JSON_TYPE);
    expect(answer.status).toBe(200);
    const spans = await receiving.spansOf(traceId, 3);
    const of = (number: number) => spans.find(({ spanId }) => spanId === number.toString(16).padStart(16, '0'));
    expect(Object.keys(of(11)?.attributes ?? {})).toHaveLength(10_000);
    expect(JSON.stringify(of(12)?.attributes)).not.toContain('at the bottom');
    expect(of(13)?.name.length).toBeLessThan(10_000);
    expect(JSON.stringify(of(13)?.attributes).length).toBeLessThan(1_000);
  });

  it('R92: takes nothing while it is switched off, or recording is, and says so', async () => {
    const { settings } = await receiving.app.page.settings.watch({ cursor: null, waitMs: 0 });
    for (const [change, sentence] of [
      [{ receivesSpans: false }, 'Receiving spans is switched off in this gateway: switch it on in its settings.'],
      [{ isRecording: false }, 'Recording is switched off in this gateway: switch it on in its settings.'],
    ] as const) {
      await receiving.app.page.settings.save({ ...settings, ...change });
      const response = await receiving.post(bodyOf(wireSpan(99)), JSON_TYPE);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ code: 7, message: sentence });
    }
    await receiving.app.page.settings.save(settings);
    expect((await receiving.post('{}', JSON_TYPE)).status).toBe(200);
  });
});
