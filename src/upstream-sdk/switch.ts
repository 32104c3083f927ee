/** Where an OpenTelemetry API 1.x keeps what is registered in this process, of whatever copy of the package. */
const GLOBAL_API = Symbol.for('opentelemetry.js.api.1');

/** Whether something of an OpenTelemetry SDK is registered in this process. Loads nothing to find out. */
export function isRegistered(part: 'trace' | 'context' | 'propagation'): boolean {
  const api: unknown = Reflect.get(globalThis, GLOBAL_API);
  return typeof api === 'object' && api !== null && Reflect.get(api, part) !== undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Whether there is anything to trace for: an SDK that is registered already, or an address to send to by the standard
 * variables. `OTEL_SDK_DISABLED=true` switches both off.
 */
export function isTracingWanted(variables: Variables, hasSdk: boolean): boolean {
  const read = (name: string): string => (variables[name] ?? '').trim();
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  if (hasSdk) return true;
  const exporters = read('OTEL_TRACES_EXPORTER');
  if (exporters !== '' && !exporters.split(',').some((name) => name.trim() === 'otlp')) return false;
  // Spans go over HTTP only, and an endpoint of gRPC understands none of it.
  const protocol = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || read('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'grpc') return false;
  return read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '' || read('OTEL_EXPORTER_OTLP_ENDPOINT') !== '';
}
