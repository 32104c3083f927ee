import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import { createGrpcSender } from '../../../src/otlp/send/grpc-sender.ts';
import { spanNames, startGrpcReceiver } from '../../support/forward-receiver.ts';
import { makeSpan } from '../../support/make-span.ts';

it('R85: a receiver over gRPC gets from us what the stock exporter would send it', async () => {
  const receiver = await startGrpcReceiver();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: receiver.url }))],
  });
  provider.getTracer('test').startSpan('POST /mcp').end();
  await provider.shutdown();

  const sender = createGrpcSender({
    name: 'collector',
    protocol: 'grpc',
    address: receiver.url,
    headers: {},
    compression: 'gzip',
    timeoutMs: 10_000,
    certificates: null,
  });
  const body = encodeTraces([makeSpan({ name: 'POST /mcp' })], [], { format: 'otlp-proto', withPayloads: false });
  expect(await sender.send(body)).toMatchObject({ kind: 'taken' });
  await sender.close();

  expect(receiver.requests).toHaveLength(2);
  const [stock, ours] = receiver.requests;
  expect(ours?.path).toBe(stock?.path);
  expect(ours?.headers['content-type']).toBe(stock?.headers['content-type']);
  expect(spanNames(receiver.requests)).toEqual(['POST /mcp', 'POST /mcp']);
});
