import type { Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createIdGenerator } from './ids.ts';
import { ATTR, SEMCONV_REVISION, SCOPE_NAME } from './semconv.ts';

/** The OpenTelemetry SDK, set up here and nowhere else. */
export interface TracerHost {
  readonly tracer: Tracer;
  /** Hands over every span that has begun or ended, then stops. Idempotent. */
  stop(): Promise<void>;
}

export interface TracerHostOptions {
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** What is known of the process beside that; a name or version in it counts before those above. */
  readonly resource?: Readonly<Record<string, string>>;
  readonly processor: SpanProcessor;
}

/**
 * Everything is recorded: a caller's sampling flag is for exports to honour (R91). No limit on lengths here, since
 * cutting must come after redaction (R20).
 */
export function createTracerHost({
  serviceName,
  serviceVersion,
  resource = {},
  processor,
}: TracerHostOptions): TracerHost {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      [ATTR.serviceName]: serviceName,
      [ATTR.serviceVersion]: serviceVersion,
      ...resource,
      [ATTR.semconvRevision]: SEMCONV_REVISION,
    }),
    sampler: new AlwaysOnSampler(),
    idGenerator: createIdGenerator(),
    spanProcessors: [processor],
  });
  return {
    tracer: provider.getTracer(SCOPE_NAME, serviceVersion),
    stop: () => provider.shutdown(),
  };
}
