import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Identity } from './identity.ts';

/** Makes spans and sends them. */
export interface Sending {
  /** Sends what waits, for a bounded time, and sends nothing from then on. */
  stop(): Promise<void>;
}

/** Soon enough to see a call's inside while one looks at the call. */
const BATCH_DELAY_MS = 200;
/**
 * Of one batch with all its attempts. The exporter's timers keep a process alive, so this is also how long an endpoint
 * that does not answer can hold one that wants to end.
 */
const EXPORT_TIMEOUT_MS = 2_000;
/** What a signal waits for at most. Throughline gives a server a second between SIGTERM and SIGKILL. */
const SIGNAL_FLUSH_MS = 500;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Registers a tracer provider of this process that sends over OTLP/HTTP as protobuf, by the standard `OTEL_*` variables. */
export function createSending(identity: Identity): Sending {
  const { env } = process;
  const exporter = new OTLPTraceExporter({
    ...(isSet(env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT']) || isSet(env['OTEL_EXPORTER_OTLP_TIMEOUT'])
      ? {}
      : { timeoutMillis: EXPORT_TIMEOUT_MS }),
  });
  const processor = new BatchSpanProcessor(exporter, {
    ...(isSet(env['OTEL_BSP_SCHEDULE_DELAY']) ? {} : { scheduledDelayMillis: BATCH_DELAY_MS }),
  });
  const provider = new BasicTracerProvider({ resource: resourceOf(identity), spanProcessors: [processor] });
  trace.setGlobalTracerProvider(provider);

  /** Never rejects: spans that cannot be sent are lost, and nobody is told, for stdout belongs to the protocol. */
  const flush = async (): Promise<void> => {
    await Promise.allSettled([provider.forceFlush(), exporter.forceFlush()]);
  };
  const stopWatching = watchEnd(flush);
  return {
    async stop() {
      stopWatching();
      await Promise.race([flush(), delay(EXPORT_TIMEOUT_MS, undefined, { ref: false })]);
      trace.disable();
      void provider.shutdown().catch(() => undefined);
    },
  };
}

/** The environment wins over what the program says (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`). */
function resourceOf({ serviceName, serviceVersion }: Identity): Resource {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        ...(serviceName === null ? {} : { 'service.name': serviceName }),
        ...(serviceVersion === null ? {} : { 'service.version': serviceVersion }),
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Flushes when the process has nothing left to do and when a signal ends it, which it still does, a little later. */
function watchEnd(flush: () => Promise<void>): () => void {
  const atEnd = (): void => {
    // Emitted again once the flush has ended, when nothing waits any more and nothing keeps the process.
    void flush();
  };
  process.once('beforeExit', atEnd);
  const handlers = SIGNALS.map((signal) => {
    const handler = (): void => {
      void onSignal(signal, flush);
    };
    process.once(signal, handler);
    return { signal, handler };
  });
  return () => {
    process.off('beforeExit', atEnd);
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}

async function onSignal(signal: NodeJS.Signals, flush: () => Promise<void>): Promise<void> {
  // Who listens to the signal decides what it does; it is theirs to end the process.
  const isOurs = process.listenerCount(signal) === 0;
  await Promise.race([flush(), delay(SIGNAL_FLUSH_MS)]);
  if (isOurs) process.kill(process.pid, signal);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
