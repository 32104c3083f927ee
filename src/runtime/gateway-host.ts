import type { BaggageRules } from '../gateway/baggage.ts';
import { createClock } from '../gateway/clock.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import { emptyChain } from '../gateway/interceptor.ts';
import { createTracerHost } from '../telemetry/tracer.ts';
import { createTracingObserver } from '../telemetry/tracing-observer.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { TracingPolicy } from '../shared/domain/settings.ts';
import type { BaggageSettings, GatewaySettings } from './config/config.ts';
import { resourceAttributesOf } from './forwarding/standard-variables.ts';
import type { ReportFailure } from './log.ts';
import type { Recording } from './recording.ts';
import type { StopStack } from './stop-stack.ts';

const MAX_SESSIONS = 1_000;
const SESSION_IDLE_MILLIS = 30 * 60_000;

interface GatewayParts {
  readonly settings: GatewaySettings;
  readonly recording: Recording;
  /** How spans are made; asked whenever a trace begins. */
  readonly policy: () => TracingPolicy;
  readonly version: string;
  /** See UpstreamSettings. */
  readonly telemetryEnvironment: (id: ServerId) => Readonly<Record<string, string>>;
  /** What servers that are started inherit from. */
  readonly environment: NodeJS.ProcessEnv;
  readonly report: ReportFailure;
  readonly stops: StopStack;
}

/** HTTP knows header names in any case. */
function baggageRulesOf({ allow, headers, maxItems, maxBytes }: BaggageSettings): BaggageRules {
  const mapped = Object.entries(headers).map(([name, key]) => [name.toLowerCase(), key] as const);
  return { allow: new Set(allow), headers: new Map(mapped), maxItems, maxBytes };
}

/** Starts the gateway under the eyes of the tracer. */
export function startGateway(parts: GatewayParts): Gateway {
  const { settings, recording, policy, version, environment, report, stops } = parts;
  const { recorder, redactor } = recording;
  const clock = createClock();
  const tracing = createTracerHost({
    serviceName: 'throughline',
    serviceVersion: version,
    resource: resourceAttributesOf(environment),
    processor: recorder,
  });
  stops.add(() => tracing.stop());
  const gateway = createGateway({
    clock,
    observer: createTracingObserver({ tracer: tracing.tracer, recorder, clock, policy }),
    sanitize: (text) => redactor.text(text),
    gatewayVersion: version,
    environment,
    telemetryEnvironment: parts.telemetryEnvironment,
    connectTimeoutMillis: settings.connectTimeoutMs,
    requestTimeoutMillis: settings.requestTimeoutMs,
    sessions: settings.session,
    idleStopMillis: settings.idleStopMs,
    healthCheckMillis: settings.healthCheckMs,
    baggage: settings.baggage === null ? null : baggageRulesOf(settings.baggage),
    interceptor: emptyChain,
    toolNameSeparator: settings.toolNameSeparator,
    maxBodyBytes: settings.maxBodyBytes,
    maxSessions: MAX_SESSIONS,
    sessionIdleMillis: SESSION_IDLE_MILLIS,
    onDefect: (error) => {
      report('Handling a message', error);
    },
  });
  stops.add(() => gateway.stop());
  return gateway;
}
