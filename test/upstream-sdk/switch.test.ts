import { describe, expect, it } from 'vitest';
import { isTracingWanted } from '../../src/upstream-sdk/switch.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4820' };

describe('whether a server traces', () => {
  it.each([
    ['nothing is configured', {}, false],
    ['there is an address', ENDPOINT, true],
    ['there is an address for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1/v1/traces' }, true],
    ['the address is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
    ['OpenTelemetry is switched off', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, false],
    ['the switch says something else', { ...ENDPOINT, OTEL_SDK_DISABLED: 'false' }, true],
    ['traces go nowhere', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
    ['traces go to the console, which is the protocol\u2019s', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'console' }, false],
    ['OTLP is one of several exporters', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'console, otlp' }, true],
    ['the endpoint speaks gRPC', { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, false],
    [
      'the endpoint for traces speaks HTTP and others gRPC',
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      true,
    ],
  ])('when %s', (_when, variables, isWanted) => {
    expect(isTracingWanted(variables, false)).toBe(isWanted);
  });

  it('when the process has an SDK of its own, unless OpenTelemetry is switched off', () => {
    expect(isTracingWanted({}, true)).toBe(true);
    expect(isTracingWanted({ OTEL_SDK_DISABLED: 'true' }, true)).toBe(false);
  });
});
