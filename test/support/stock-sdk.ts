import { context, ROOT_CONTEXT, trace, type Context, type Span, type Tracer } from '@opentelemetry/api';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

export interface StockSdkOptions {
  /** The receiver's full address. */
  readonly url: string;
  readonly token: string;
  readonly protocol?: 'protobuf' | 'json';
  readonly compression?: 'gzip' | 'none';
  readonly service?: string;
}

/** A program with the stock OpenTelemetry packages and nothing of ours. Its spans are held until they are sent. */
export interface StockSdk {
  readonly tracer: Tracer;
  /** A span that has begun, below another one. */
  begin(name: string, parent?: Span): Span;
  /** What has ended since the last time. */
  take(): ReadableSpan[];
  /** Sends spans with the stock exporter. Rejects when it says that they were not taken. */
  send(spans: ReadableSpan[]): Promise<void>;
}

export function stockSdk({ url, token, protocol, compression, service = 'an-agent' }: StockSdkOptions): StockSdk {
  const Exporter = protocol === 'json' ? JsonExporter : ProtobufExporter;
  const exporter = new Exporter({
    url,
    headers: { Authorization: `Bearer ${token}` },
    compression: (compression ?? 'none') as never,
    // The usual 30 would turn requests away here instead of at the receiver.
    concurrencyLimit: 1_000,
  });
  const held = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new SimpleSpanProcessor(held)],
  });
  const tracer = provider.getTracer('agent', '1.0');
  return {
    tracer,
    begin: (name, parent) => tracer.startSpan(name, {}, below(parent)),
    take() {
      const spans = [...held.getFinishedSpans()];
      held.reset();
      return spans;
    },
    send: (spans) =>
      new Promise((resolve, reject) => {
        exporter.export(spans, ({ code, error }: ExportResult) => {
          if (code === ExportResultCode.SUCCESS) resolve();
          else reject(error ?? new Error('The exporter failed.'));
        });
      }),
  };
}

function below(parent: Span | undefined): Context {
  return parent === undefined ? ROOT_CONTEXT : trace.setSpan(context.active(), parent);
}

/** What a message of this span carries (W3C Trace Context). */
export function traceparentOf(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}
