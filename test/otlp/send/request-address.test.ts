import { describe, expect, it } from 'vitest';
import { portAdvice, requestAddress } from '../../../src/otlp/send/request-address.ts';

describe('the address of an endpoint', () => {
  it.each([
    ['http://localhost:4318', 'http://localhost:4318/v1/traces'],
    ['http://localhost:4318/', 'http://localhost:4318/v1/traces'],
    ['https://example.org/otlp', 'https://example.org/otlp/v1/traces'],
    ['https://example.org/otlp/', 'https://example.org/otlp/v1/traces'],
    ['https://example.org/api/v1/otlp', 'https://example.org/api/v1/otlp/v1/traces'],
    ['http://localhost:4318/v1/traces', 'http://localhost:4318/v1/traces'],
    ['http://localhost:4318/v1/traces/', 'http://localhost:4318/v1/traces'],
    ['https://example.org/insert/opentelemetry/v1/traces', 'https://example.org/insert/opentelemetry/v1/traces'],
    ['http://[::1]:4318', 'http://[::1]:4318/v1/traces'],
  ])('R85: %s is a base or a full address: requests go to %s', (url, address) => {
    expect(requestAddress(url, 'http/protobuf')).toBe(address);
    expect(requestAddress(url, 'http/json')).toBe(address);
  });

  it.each(['http://localhost:4317', 'http://localhost:4317/', 'http://localhost:4317/v1/traces'])(
    'R85: %s of gRPC is a host and a port',
    (url) => {
      expect(requestAddress(url, 'grpc')).toBe('http://localhost:4317');
    },
  );

  it('R85: advises the other protocol at the port of the other protocol, and nothing elsewhere', () => {
    expect(portAdvice('http://localhost:4317/v1/traces', 'http/protobuf')).toMatch(/gRPC.*4318/);
    expect(portAdvice('http://localhost:4318', 'grpc')).toMatch(/HTTP.*4317/);
    for (const [address, protocol] of [
      ['http://localhost:4318/v1/traces', 'http/json'],
      ['http://localhost:4317', 'grpc'],
      ['https://example.org', 'grpc'],
      ['https://example.org', 'http/protobuf'],
    ] as const) {
      expect(portAdvice(address, protocol)).toBe('');
    }
  });
});
