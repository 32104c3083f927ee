import { describe, expect, it } from 'vitest';
import { endpointEntryOf } from '../../../src/runtime/config/endpoint-entry.ts';
import { readConfig, readHomeConfig } from '../../../src/runtime/config/load-config.ts';
import { createMemoryVault } from '../../../src/runtime/secrets/memory-vault.ts';
import { endpointSecretKey, referenceTo } from '../../../src/runtime/secrets/secret-reference.ts';
import { ENDPOINT_DEFAULTS, type ForwardEndpoint } from '../../../src/shared/domain/forwarding.ts';

const URL_OF_ONE = 'http://localhost:4318';

function read(endpoints: unknown, environment: Readonly<Record<string, string>> = {}) {
  return readConfig('/folder/servers.json', JSON.stringify({ otlp: { endpoints } }), environment).endpoints;
}

describe('the endpoints of a config file', () => {
  it('have the defaults where nothing else is written', () => {
    const endpoint = { ...ENDPOINT_DEFAULTS, url: URL_OF_ONE };
    expect(read({ one: { url: URL_OF_ONE } }).get('one')).toEqual({ written: endpoint, resolved: endpoint });
    expect(read({}).size).toBe(0);
    expect(readConfig('it', '{}', {}).endpoints.size).toBe(0);
  });

  it('R25: keep references in what is written, and follow them to what is sent', () => {
    const headers = { authorization: 'Bearer ${KEY}' };
    expect(read({ one: { url: URL_OF_ONE, headers } }, { KEY: 'abc' }).get('one')).toMatchObject({
      written: { headers },
      resolved: { headers: { authorization: 'Bearer abc' } },
    });
  });

  it('find a file of certificates from the folder that the config file is in', () => {
    const { written } = read({ one: { url: URL_OF_ONE, certificateFile: 'ca.pem' } }).get('one') ?? {};
    expect(written?.certificateFile).toBe('/folder/ca.pem');
  });

  it('are written as they are read', () => {
    const endpoint: ForwardEndpoint = {
      url: 'https://example.org',
      protocol: 'grpc',
      headers: { 'x-api-key': '${KEY}' },
      compression: 'none',
      timeoutMs: 500,
      certificateFile: '/etc/ca.pem',
      filter: 'status:error',
      payloads: { requests: ['tool.invoke'], responses: 'all' },
      sampling: 'all',
      isEnabled: false,
    };
    const written = read({ one: endpointEntryOf(endpoint) }, { KEY: 'x' }).get('one')?.written;
    expect(written).toEqual(endpoint);
    expect(endpointEntryOf({ ...ENDPOINT_DEFAULTS, url: URL_OF_ONE })).toEqual({ url: URL_OF_ONE });
  });

  it.each([
    [{ one: { url: 'localhost:4318' } }, /http:\/\/ or https:\/\//],
    [{ one: { url: URL_OF_ONE, protocol: 'thrift' } }, /otlp\.endpoints\.one\.protocol/],
    [{ one: { url: URL_OF_ONE, colour: 'red' } }, /unknown key "colour"/],
    [{ one: { url: URL_OF_ONE, filter: 'status:nonsense' } }, /filter cannot be used/],
    [{ one: { url: URL_OF_ONE, headers: { authorization: '${NOT_SET}' } } }, /NOT_SET is not set/],
    [{ one: { url: URL_OF_ONE, headers: { host: 'x' } } }, /not for an endpoint to set/],
    [{ one: { url: 'https://user:sesame@example.org' } }, /Authorization header/],
    [{ environment: { url: URL_OF_ONE } }, /another name/],
    [{ '-': { url: URL_OF_ONE } }, /A name is 1 to 64/],
    [{ one: { url: URL_OF_ONE, headers: { a: referenceTo(endpointSecretKey('one', 'a')) } } }, /not its own/],
    [
      Object.fromEntries(Array.from({ length: 17 }, (_none, index) => [`n${index}`, { url: URL_OF_ONE }])),
      /more than 16/,
    ],
  ])('stop the start with a place and a sentence: %#', (endpoints, sentence) => {
    expect(() => read(endpoints)).toThrow(/^\/folder\/servers\.json, line \d+, column \d+: /);
    expect(() => read(endpoints)).toThrow(sentence);
    expect(() => read(endpoints)).not.toThrow(/sesame/);
  });
});

describe('the endpoints of the app’s own file', () => {
  it('R25: have the secrets that are kept for them, and not those of others', async () => {
    const vault = createMemoryVault();
    const [own, others] = [endpointSecretKey('one', 'x-key'), endpointSecretKey('two', 'x-key')];
    await vault.change({ put: new Map([own, others].map((key) => [key, `value of ${key}`])) });
    const endpoints = {
      one: { url: URL_OF_ONE, headers: { 'x-key': referenceTo(own) } },
      thief: { url: URL_OF_ONE, headers: { 'x-key': referenceTo(others) } },
      lost: { url: URL_OF_ONE, headers: { 'x-key': referenceTo(endpointSecretKey('lost', 'x-key')) } },
      broken: { url: 'nonsense' },
    };
    const text = JSON.stringify({ otlp: { endpoints } });
    const { config, mistakes } = readHomeConfig('config.json', text, { environment: {}, secrets: vault });
    expect(config.endpoints.get('one')).toMatchObject({ resolved: { headers: { 'x-key': `value of ${own}` } } });
    expect(config.endpoints.get('thief')).toHaveProperty('problem', expect.stringContaining('not its own'));
    expect(config.endpoints.get('lost')).toHaveProperty('problem', expect.stringContaining('not kept any more'));
    expect(config.endpoints.has('broken')).toBe(false);
    expect(mistakes).toEqual([expect.stringContaining('config.json, line 1')]);
  });
});
