const TRACES_PATH = /\/v1\/traces\/?$/;

/** The environment with which a program that has OpenTelemetry sends its spans here; the token is left to the reader. */
export function otlpEnvironment(otlpUrl: string): string {
  return [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl.replace(TRACES_PATH, '')}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN',
  ].join('\n');
}
