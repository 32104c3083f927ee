import { describe, expect, it } from 'vitest';
import { readStandardVariables, resourceAttributesOf } from '../../../src/runtime/forwarding/standard-variables.ts';

const BASE = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

function read(environment: Readonly<Record<string, string>>) {
  const { endpoint, notices } = readStandardVariables(environment);
  return { ...endpoint, notices };
}

describe('the OTEL_* variables', () => {
  it('R85: make no endpoint unless they name one or ask for one', () => {
    expect(read({})).toEqual({ notices: [] });
    expect(read({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_SERVICE_NAME: 'x' })).toEqual({ notices: [] });
    expect(read({ OTEL_TRACES_EXPORTER: 'otlp' }).address).toBe('http://localhost:4318/v1/traces');
    expect(read({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }).address).toBe(
      'http://localhost:4317',
    );
  });

  it.each([
    { OTEL_SDK_DISABLED: 'true' },
    { OTEL_SDK_DISABLED: 'TRUE' },
    { OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_TRACES_EXPORTER: 'console' },
  ])('R85: %o sends nothing', (more) => {
    expect(readStandardVariables({ ...BASE, ...more }).endpoint).toBeNull();
  });

  it('R85: name a base for all signals, and a whole address for traces, which counts before it', () => {
    expect(read(BASE).address).toBe('http://localhost:4318/v1/traces');
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://example.org/otlp/' }).address).toBe(
      'https://example.org/otlp/v1/traces',
    );
    const both = { ...BASE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://example.org/in' };
    expect(read(both).address).toBe('https://example.org/in');
  });

  it('R85: set protocol, headers, time-out, compression and certificate, for traces before all signals', () => {
    const all = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=one, authorization=Bearer%20abc',
      OTEL_EXPORTER_OTLP_TIMEOUT: '3000',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/etc/ca.pem',
    };
    expect(read({ ...BASE, ...all })).toMatchObject({
      endpoint: {
        protocol: 'http/json',
        headers: { 'x-tenant': 'one', authorization: 'Bearer abc' },
        timeoutMs: 3_000,
        compression: 'gzip',
        certificateFile: '/etc/ca.pem',
        filter: '',
        payloads: { requests: 'none', responses: 'none' },
      },
      notices: [],
    });
    const forTraces = Object.fromEntries(
      Object.entries({
        PROTOCOL: 'grpc',
        HEADERS: 'x-tenant=two',
        TIMEOUT: '4000',
        COMPRESSION: 'none',
        CERTIFICATE: '/etc/other.pem',
      }).map(([option, value]) => [`OTEL_EXPORTER_OTLP_TRACES_${option}`, value]),
    );
    expect(read({ ...BASE, ...all, ...forTraces })).toMatchObject({
      endpoint: {
        protocol: 'grpc',
        headers: { 'x-tenant': 'two' },
        timeoutMs: 4_000,
        compression: 'none',
        certificateFile: '/etc/other.pem',
      },
    });
  });

  it('R85: have the defaults of the specification', () => {
    expect(read(BASE).endpoint).toMatchObject({ protocol: 'http/protobuf', timeoutMs: 10_000, compression: 'none' });
  });

  it('R85: honour INSECURE for a gRPC address without a scheme; a scheme says it itself', () => {
    const grpc = (endpoint: string, insecure: string): unknown =>
      read({
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_INSECURE: insecure,
      }).address;
    expect(grpc('collector:4317', 'true')).toBe('http://collector:4317');
    expect(grpc('collector:4317', 'false')).toBe('https://collector:4317');
    expect(grpc('collector:4317', '')).toBe('https://collector:4317');
    expect(grpc('https://collector:4317', 'true')).toBe('https://collector:4317');
    expect(grpc('http://collector:4317', 'false')).toBe('http://collector:4317');
  });

  it.each([
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'thrift' },
    { OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
    { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'correct-horse-battery' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz-correct-horse-battery' },
    { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem' },
    { OTEL_TRACES_EXPORTER: 'otlp,zipkin' },
  ])('say what is not followed of %o, without its values, and are followed else', (more) => {
    const { address, notices } = read({ ...BASE, ...more });
    expect(address).toBe('http://localhost:4318/v1/traces');
    expect(notices).toHaveLength(1);
    expect(notices[0]).not.toContain('correct-horse');
  });

  it.each(['localhost:4318', 'ftp://example.org', 'not a url', 'https://user:pw@example.org', 'http://h/?key=abc'])(
    'R25: say that %s is no address to send to',
    (url) => {
      const { endpoint, notices } = readStandardVariables({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
      expect(endpoint).toBeNull();
      expect(notices).toHaveLength(1);
      expect(notices[0]).not.toMatch(/pw|abc/);
    },
  );

  it('R83: name the gateway itself, the name before the attributes', () => {
    expect(resourceAttributesOf({})).toEqual({});
    const attributes = 'service.name=one,deployment.environment.name=a%20b,broken';
    expect(resourceAttributesOf({ OTEL_RESOURCE_ATTRIBUTES: attributes })).toEqual({
      'service.name': 'one',
      'deployment.environment.name': 'a b',
    });
    expect(resourceAttributesOf({ OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: 'two' })).toMatchObject({
      'service.name': 'two',
    });
  });
});
