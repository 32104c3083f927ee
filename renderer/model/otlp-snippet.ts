/**
 * The file with the token that such a program needs: in the app's folder one that opens nothing else stands beside the
 * gateway's own, `token`. Any other file holds both.
 */
export function spanTokenFile(tokenFile: string): string {
  return tokenFile.replace(/(^|[\\/])token$/, '$1ingest-token');
}

const TRACES_PATH = /\/v1\/traces\/?$/;

/** The environment with which a program that has OpenTelemetry sends its spans here; the token is left to the reader. */
export function otlpEnvironment(otlpUrl: string): string {
  return [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl.replace(TRACES_PATH, '')}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN',
  ].join('\n');
}
