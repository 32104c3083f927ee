import { describe, expect, it } from 'vitest';
import { separateSecrets } from '../../../src/runtime/secrets/separate-secrets.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

const ID = 'notes' as ServerId;

/** The names whose values are taken out. */
function taken(place: 'headers' | 'env', values: Readonly<Record<string, string>>): readonly string[] {
  const { config, secrets } =
    place === 'env'
      ? separateSecrets(ID, { type: 'stdio', command: 'x', args: [], env: values, cwd: null })
      : separateSecrets(ID, { type: 'http', url: 'http://x.example/', headers: values });
  const left = config.type === 'stdio' ? config.env : config.headers;
  const changed = Object.keys(values).filter((name) => left[name] !== values[name]);
  expect([...secrets.values()]).toEqual(changed.map((name) => values[name]));
  return changed;
}

describe('what is taken out of a configuration', () => {
  it.each([
    ['a credential', { Authorization: 'Bearer abc' }],
    ['a plain word', { 'X-Workspace': 'production' }],
    ['a reference with more text', { Authorization: 'hunter2${TOKEN}' }],
  ])('is %s in a header', (_what, headers) => {
    expect(taken('headers', headers)).toEqual(Object.keys(headers));
  });

  it.each([
    ['what looks like a secret', { SETTING: 'f81d4fae-7dec' }],
    ['a short one under a sensitive name', { DB_PASSWORD: 'abc' }],
    ['an address, which may hold a password', { DATABASE: 'postgres://u:p@db/x' }],
    ['a reference with more text', { DATABASE: 'postgres://u:${PW}@db/x' }],
  ])('is %s in a variable', (_what, env) => {
    expect(taken('env', env)).toEqual(Object.keys(env));
  });

  it.each([
    ['a word', { LEVEL: 'debug' }],
    ['a number', { PORT: '8080' }],
    ['a path', { DATA: '/var/lib/data' }],
    ['nothing', { API_KEY: '' }],
    ['a reference', { API_KEY: '${env:API_KEY}' }],
    ['a reference behind a scheme', { AUTH: 'Bearer ${API_KEY}' }],
  ])('is not %s in a variable', (_what, env) => {
    expect(taken('env', env)).toEqual([]);
  });

  it.each([
    ['a reference', { Authorization: '${API_KEY}' }],
    ['a reference behind a scheme', { Authorization: 'Bearer ${env:API_KEY}' }],
    ['a reference to what is kept already', { Authorization: '${secret:notes/headers/Authorization}' }],
  ])('is not %s in a header', (_what, headers) => {
    expect(taken('headers', headers)).toEqual([]);
  });

  it('is replaced by a reference with its place, whatever its name is', () => {
    const { config, secrets } = separateSecrets(ID, {
      type: 'stdio',
      command: 'x',
      args: [],
      env: { 'A/B} KEY': 'abc' },
      cwd: null,
    });
    expect(config).toMatchObject({ env: { 'A/B} KEY': '${secret:notes/env/A%2FB%7D%20KEY}' } });
    expect([...secrets.keys()]).toEqual(['notes/env/A%2FB%7D%20KEY']);
  });
});
