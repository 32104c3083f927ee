import type { ServerId } from '../../shared/domain/ids.ts';

export interface TelemetryEnvironmentParts {
  /** For example `http://127.0.0.1:4820`; SDKs put `/v1/traces` behind it. */
  readonly origin: () => string;
  /** Opens the door for spans and no other. */
  readonly ingestToken: string;
  readonly isOpen: () => boolean;
}

/** What tells the OpenTelemetry SDK of a server that is started to send its spans here (R83). */
export function createTelemetryEnvironment({ origin, ingestToken, isOpen }: TelemetryEnvironmentParts) {
  return (id: ServerId): Readonly<Record<string, string>> =>
    isOpen()
      ? {
          OTEL_EXPORTER_OTLP_ENDPOINT: origin(),
          // Values are percent-encoded as those of baggage are.
          OTEL_EXPORTER_OTLP_HEADERS: `Authorization=${encodeURIComponent(`Bearer ${ingestToken}`)}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_SERVICE_NAME: id,
        }
      : {};
}
