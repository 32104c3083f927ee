import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import { openSender } from '../../../src/otlp/send/open-sender.ts';
import type { OtlpSender, SendTarget } from '../../../src/otlp/send/otlp-sender.ts';
import { requestAddress } from '../../../src/otlp/send/request-address.ts';
import type { OtlpProtocol } from '../../../src/shared/domain/forwarding.ts';
import { makeSpan } from '../../support/make-span.ts';
import { expectSameByBothDecoders } from '../../support/otlp-decoders.ts';
import {
  authorityPem,
  startGrpcReceiver,
  startHttpReceiver,
  type OtlpReceiver,
} from '../../support/forward-receiver.ts';

const TOKEN = 'Bearer correct-horse-battery';

async function senderTo(url: string, protocol: OtlpProtocol, more: Partial<SendTarget> = {}): Promise<OtlpSender> {
  const sender = await openSender({
    name: 'collector',
    protocol,
    address: requestAddress(url, protocol),
    headers: { authorization: TOKEN },
    compression: 'gzip',
    timeoutMs: 10_000,
    certificates: null,
    ...more,
  });
  onTestFinished(() => sender.close());
  return sender;
}

function bodyFor(protocol: OtlpProtocol): Uint8Array {
  const format = protocol === 'http/json' ? 'otlp-json' : 'otlp-proto';
  return encodeTraces([makeSpan({ name: 'POST /mcp' })], [], { format, withPayloads: false });
}

function namesIn({ encoding, body }: { encoding: string; body: Uint8Array }): readonly string[] {
  if (encoding === 'protobuf') return expectSameByBothDecoders(body).map(({ name }) => name);
  const { resourceSpans } = JSON.parse(Buffer.from(body).toString()) as {
    resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)));
}

function start(protocol: OtlpProtocol, options: { tls?: boolean } = {}): Promise<OtlpReceiver<'hang'>> {
  return protocol === 'grpc' ? startGrpcReceiver(options) : startHttpReceiver(options);
}

const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'http/json', 'grpc'];

describe.each(PROTOCOLS)('sending over %s', (protocol) => {
  it('R85: brings the spans and the headers to the right path, with and without gzip', async () => {
    const receiver = await start(protocol);
    for (const compression of ['gzip', 'none'] as const) {
      const sender = await senderTo(receiver.url, protocol, { compression });
      expect(await sender.send(bodyFor(protocol))).toEqual({ kind: 'taken', rejectedSpans: 0, message: '' });
      const request = receiver.requests.at(-1);
      expect(request?.path).toBe(
        protocol === 'grpc' ? '/opentelemetry.proto.collector.trace.v1.TraceService/Export' : '/v1/traces',
      );
      expect(request?.encoding).toBe(protocol === 'http/json' ? 'json' : 'protobuf');
      expect(request?.headers['authorization']).toBe(TOKEN);
      if (protocol !== 'grpc') expect(request?.wasCompressed).toBe(compression === 'gzip');
      expect(request && namesIn(request)).toEqual(['POST /mcp']);
    }
    expect(receiver.requests).toHaveLength(2);
  });

  it('R85: trusts the authority whose file is named, and nobody else who is not known', async () => {
    const receiver = await start(protocol, { tls: true });
    const trusting = await senderTo(receiver.url, protocol, { certificates: authorityPem() });
    expect(await trusting.send(bodyFor(protocol))).toMatchObject({ kind: 'taken' });
    const others = await senderTo(receiver.url, protocol);
    const outcome = await others.send(bodyFor(protocol));
    expect(outcome).toMatchObject({ kind: 'later' });
    expect(outcome).toHaveProperty('sentence', expect.stringMatching(/certificate/i));
    expect(receiver.requests).toHaveLength(1);
  });

  it('R84: says that nobody answers, without a stack and without a secret', async () => {
    const receiver = await start(protocol);
    await receiver.close();
    const sender = await senderTo(receiver.url, protocol);
    expect(await sender.send(bodyFor(protocol))).toEqual({
      kind: 'later',
      sentence: `Nothing answers at 127.0.0.1:${receiver.port}: start the receiver of endpoint "collector" or correct its address.`,
      waitMs: null,
    });
  });

  it('R84: finds a receiver that comes back', async () => {
    const first = await start(protocol);
    const sender = await senderTo(first.url, protocol);
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'taken' });
    await first.close();
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'later' });
    const again = await (protocol === 'grpc' ? startGrpcReceiver : startHttpReceiver)({ port: first.port });
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'taken' });
    expect(again.requests).toHaveLength(1);
  });

  it('R85: gives up when the time-out has passed', async () => {
    const receiver = await start(protocol);
    receiver.alwaysAnswerWith('hang');
    const sender = await senderTo(receiver.url, protocol, { timeoutMs: 300 });
    expect(await sender.send(bodyFor(protocol))).toEqual({
      kind: 'later',
      sentence: `Endpoint "collector" at 127.0.0.1:${receiver.port} did not answer within 0.3 s.`,
      waitMs: null,
    });
  });

  it('R86: is cut off when it is told to', async () => {
    const receiver = await start(protocol);
    receiver.alwaysAnswerWith('hang');
    const sender = await senderTo(receiver.url, protocol);
    const stop = new AbortController();
    const sending = sender.send(bodyFor(protocol), stop.signal);
    await receiver.received(1);
    stop.abort();
    expect(await sending).toMatchObject({ kind: 'later' });
  });
});

describe.each(['http/protobuf', 'http/json'] as const)('the answers of an endpoint over %s', (protocol) => {
  it.each([429, 502, 503, 504])('R85: HTTP %d may be tried again, when the endpoint says so', async (status) => {
    const receiver = await startHttpReceiver();
    const sender = await senderTo(receiver.url, protocol);
    receiver.answerWith({ status }, { status, headers: { 'retry-after': '7' } });
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'later', waitMs: null });
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'later', waitMs: 7_000 });
  });

  it.each([400, 401, 403, 404, 413, 415, 500, 501])('R85: HTTP %d is final', async (status) => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status, headers: { 'retry-after': '1' } });
    const sender = await senderTo(receiver.url, protocol);
    const outcome = await sender.send(bodyFor(protocol));
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(outcome).toHaveProperty('sentence', expect.stringContaining(`HTTP ${status}`));
    expect(receiver.requests).toHaveLength(1);
  });

  it('R25: follows no redirect, so that the headers go nowhere else', async () => {
    const elsewhere = await startHttpReceiver();
    const receiver = await startHttpReceiver();
    const location = `${elsewhere.url}/v1/traces?key=sesame-sesame`;
    for (const status of [301, 302, 307, 308]) {
      receiver.answerWith({ status, headers: { location } });
      const sender = await senderTo(receiver.url, protocol);
      const outcome = await sender.send(bodyFor(protocol));
      expect(outcome).toMatchObject({ kind: 'refused' });
      expect(outcome).toHaveProperty(
        'sentence',
        expect.stringContaining(`${elsewhere.url}/v1/traces if that is right`),
      );
      expect(JSON.stringify(outcome)).not.toContain('sesame');
    }
    expect(elsewhere.requests).toEqual([]);
  });

  it('repeats what a refusal says, bounded', async () => {
    const receiver = await startHttpReceiver();
    const sender = await senderTo(receiver.url, protocol);
    const json = { 'content-type': 'application/json' };
    receiver.answerWith(
      { status: 400, headers: json, body: '{"code":3,"message":"invalid length for ID."}' },
      { status: 400, headers: { 'content-type': 'application/x-protobuf' }, body: statusMessage('no such tenant') },
      { status: 400, headers: json, body: JSON.stringify({ message: 'x'.repeat(10_000) }) },
      { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Request</h1>' },
    );
    const sentences: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const outcome = await sender.send(bodyFor(protocol));
      sentences.push('sentence' in outcome ? outcome.sentence : '');
    }
    expect(sentences[0]).toContain('HTTP 400 (invalid length for ID)');
    expect(sentences[1]).toContain('HTTP 400 (no such tenant)');
    expect(sentences[2]?.length).toBeLessThan(600);
    expect(sentences[3]).not.toContain('<h1>');
  });

  it('R84: counts the spans that an endpoint took and refused, whatever number it writes', async () => {
    const receiver = await startHttpReceiver();
    const sender = await senderTo(receiver.url, protocol);
    const partialSuccess = { rejectedSpans: 3, errorMessage: 'too old.' };
    const asJson = (value: unknown): { status: number; headers: Record<string, string>; body: string } => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ partialSuccess: value }),
    });
    receiver.answerWith(
      asJson(partialSuccess),
      asJson({ ...partialSuccess, rejectedSpans: '3' }),
      { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: partialResponse(3, 'too old.') },
      asJson({ errorMessage: 'too old.' }),
      { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: 'no protobuf at all' },
    );
    const outcomes: unknown[] = [];
    for (let count = 0; count < 5; count += 1) outcomes.push(await sender.send(bodyFor(protocol)));
    const some = { kind: 'taken', rejectedSpans: 3, message: 'too old' };
    expect(outcomes).toEqual([
      some,
      some,
      some,
      { ...some, rejectedSpans: 0 },
      { kind: 'taken', rejectedSpans: 0, message: '' },
    ]);
  });

  it('knows a web page from an endpoint', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' });
    const sender = await senderTo(receiver.url, protocol);
    expect(await sender.send(bodyFor(protocol))).toHaveProperty('sentence', expect.stringContaining('web page'));
  });

  it('reads no more than 4 MiB of an answer', async () => {
    const receiver = await startHttpReceiver();
    const message = 'x'.repeat(5 * 1024 * 1024);
    receiver.answerWith({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: message } }),
    });
    const sender = await senderTo(receiver.url, protocol);
    expect(await sender.send(bodyFor(protocol))).toEqual({ kind: 'taken', rejectedSpans: 0, message: '' });
  });

  it('tries again later when the connection ends in the middle', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith('cut');
    const sender = await senderTo(receiver.url, protocol);
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'later' });
    expect(await sender.send(bodyFor(protocol))).toMatchObject({ kind: 'taken' });
  });
});

describe('the answers of an endpoint over gRPC', () => {
  const CODES = { resourceExhausted: 8, aborted: 10, unavailable: 14, invalid: 3, unauthenticated: 16, internal: 13 };

  it('R85: tells what may be tried again from what is final', async () => {
    const receiver = await startGrpcReceiver();
    const sender = await senderTo(receiver.url, 'grpc');
    const wait = retryInfo(2, 500_000_000);
    receiver.answerWith(
      { code: CODES.unavailable, details: 'overloaded' },
      { code: CODES.aborted, details: '' },
      { code: CODES.resourceExhausted, details: 'slow down', statusDetails: wait },
      { code: CODES.resourceExhausted, details: 'quota' },
      { code: CODES.invalid, details: 'bad id' },
      { code: CODES.unauthenticated, details: 'who are you' },
      { code: CODES.internal, details: '' },
    );
    const outcomes: unknown[] = [];
    for (let count = 0; count < 7; count += 1) outcomes.push(await sender.send(bodyFor('grpc')));
    expect(outcomes).toMatchObject([
      { kind: 'later', waitMs: null },
      { kind: 'later', waitMs: null },
      { kind: 'later', waitMs: 2_500 },
      { kind: 'refused' },
      { kind: 'refused' },
      { kind: 'refused' },
      { kind: 'refused' },
    ]);
    expect(outcomes[4]).toHaveProperty('sentence', expect.stringContaining('INVALID_ARGUMENT (bad id)'));
    expect(outcomes[5]).toHaveProperty('sentence', expect.stringContaining('check the headers'));
  });

  it('R84: counts the spans that an endpoint took and refused', async () => {
    const receiver = await startGrpcReceiver();
    receiver.answerWith({ response: partialResponse(2, 'too old') });
    const sender = await senderTo(receiver.url, 'grpc');
    expect(await sender.send(bodyFor('grpc'))).toEqual({ kind: 'taken', rejectedSpans: 2, message: 'too old' });
  });
});

describe('a protocol at the port of another', () => {
  it('R85: never fails in silence', async () => {
    const http = await startHttpReceiver();
    const grpc = await startGrpcReceiver();
    const overGrpc = await (await senderTo(http.url, 'grpc')).send(bodyFor('grpc'));
    const overHttp = await (await senderTo(grpc.url, 'http/protobuf')).send(bodyFor('http/protobuf'));
    for (const outcome of [overGrpc, overHttp]) {
      expect(outcome.kind).not.toBe('taken');
      expect(outcome).toHaveProperty('sentence', expect.stringMatching(/^Endpoint "collector" at .+\.$/));
    }
  });
});

/** A `google.rpc.Status` with a message. */
function statusMessage(message: string): Uint8Array {
  return protobuf.Writer.create().uint32(8).int32(3).uint32(18).string(message).finish();
}

/** A `google.rpc.Status` whose details hold a RetryInfo. */
function retryInfo(seconds: number, nanos: number): Uint8Array {
  const duration = protobuf.Writer.create().uint32(8).int64(seconds).uint32(16).int32(nanos).finish();
  const info = protobuf.Writer.create().uint32(10).bytes(duration).finish();
  const any = protobuf.Writer.create()
    .uint32(10)
    .string('type.googleapis.com/google.rpc.RetryInfo')
    .uint32(18)
    .bytes(info)
    .finish();
  return protobuf.Writer.create().uint32(8).int32(8).uint32(26).bytes(any).finish();
}

/** An ExportTraceServiceResponse; it must mean the same to the library's reader. */
function partialResponse(rejectedSpans: number, message: string): Uint8Array {
  const partial = protobuf.Writer.create().uint32(8).int64(rejectedSpans).uint32(18).string(message).finish();
  const bytes = protobuf.Writer.create().uint32(10).bytes(partial).finish();
  expect(ProtobufTraceSerializer.deserializeResponse(bytes).partialSuccess?.errorMessage).toBe(message);
  return bytes;
}
