import { randomBytes } from 'node:crypto';
import { createClock } from '../../src/gateway/clock.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { emptyChain, type Interceptor } from '../../src/gateway/interceptor.ts';
import type { Observer } from '../../src/gateway/observer.ts';
import { createHttpHost } from '../../src/runtime/http/http-host.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerConfig, SessionMode } from '../../src/shared/domain/server.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingPolicy } from '../../src/shared/domain/settings.ts';
import { createTracerHost } from '../../src/telemetry/tracer.ts';
import { createTracingObserver } from '../../src/telemetry/tracing-observer.ts';

export interface InProcessGateway {
  readonly gateway: Gateway;
  readonly origin: string;
  readonly token: string;
  /** Failures that should not happen, and did. */
  readonly defects: readonly unknown[];
  stop(): Promise<void>;
}

export interface InProcessOptions {
  readonly servers: Readonly<Record<string, ServerConfig>>;
  readonly observer: Observer;
  readonly interceptor?: Interceptor;
  readonly sessions?: SessionMode;
}

/** The gateway behind the product's own listener and guard, with parts that the command line has no switch for. */
export async function startInProcessGateway(options: InProcessOptions): Promise<InProcessGateway> {
  const token = randomBytes(32).toString('hex');
  const defects: unknown[] = [];
  const gateway = createGateway({
    clock: createClock(),
    observer: options.observer,
    sanitize: (text) => text,
    gatewayVersion: '1',
    environment: process.env,
    connectTimeoutMillis: 20_000,
    requestTimeoutMillis: 0,
    sessions: options.sessions ?? 'dedicated',
    idleStopMillis: 0,
    healthCheckMillis: 0,
    interceptor: options.interceptor ?? emptyChain,
    toolNameSeparator: '__',
    maxBodyBytes: 1_000_000,
    maxSessions: 1_000,
    sessionIdleMillis: 60_000,
    onDefect: (error) => defects.push(error),
  });
  for (const [id, config] of Object.entries(options.servers)) await gateway.servers.add(id as ServerId, config);
  await Promise.all(gateway.servers.all().map((server) => server.settled()));
  const host = await createHttpHost({
    port: 0,
    token,
    isPublic: () => false,
    doors: [gateway.door],
    upgrade: null,
    report: (_doing, thrown) => defects.push(thrown),
  });
  return {
    gateway,
    origin: host.origin,
    token,
    defects,
    async stop() {
      await gateway.stop();
      await host.close();
    },
  };
}

/** The product's tracing, with its spans thrown away. */
export function tracingObserver(policy: TracingPolicy = DEFAULT_TRACING_SETTINGS): Observer {
  const processor = {
    onStart: () => undefined,
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const { tracer } = createTracerHost({ serviceName: 'test', serviceVersion: '1', processor });
  return createTracingObserver({
    tracer,
    recorder: { payload: () => undefined },
    clock: createClock(),
    policy: () => policy,
  });
}

/** A plugin that looks at everything and changes nothing; it counts what it saw. */
export function noOpPlugin(): Interceptor & { readonly seen: { before: number; after: number } } {
  const seen = { before: 0, after: 0 };
  return {
    seen,
    before: async ({ request }) => {
      seen.before += 1;
      return Promise.resolve({ kind: 'proceed', request });
    },
    after: async (_call, response) => {
      seen.after += 1;
      return Promise.resolve({ kind: 'proceed', response });
    },
  };
}
