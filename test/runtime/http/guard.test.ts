import { describe, expect, it } from 'vitest';
import { createGuard, type GuardRequest } from '../../../src/runtime/http/guard.ts';

const PORT = 4820;
const guard = createGuard({ port: PORT, token: 'a-token-of-enough-length', isPublic: (_, path) => path === '/' });

function ask(overrides: Partial<GuardRequest>): number | 'in' {
  const refusal = guard.request({
    method: 'GET',
    path: '/api/traces',
    hosts: [`127.0.0.1:${PORT}`],
    origins: [],
    authorizations: ['Bearer a-token-of-enough-length'],
    ...overrides,
  });
  return refusal === null ? 'in' : refusal.status;
}

describe('Host', () => {
  it.each(['127.0.0.1:4820', 'localhost:4820', 'LOCALHOST:4820', '[::1]:4820'])('S2: lets %s in', (host) => {
    expect(ask({ hosts: [host] })).toBe('in');
  });

  it.each([
    'evil.test',
    'evil.test:4820',
    '127.0.0.1.evil.test:4820',
    'localhost.evil.test:4820',
    'localhost.:4820',
    '127.0.0.1.:4820',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:4821',
    '127.0.0.1:04820',
    '::1:4820',
    '[::1]',
    '[::ffff:127.0.0.1]:4820',
    '[0:0:0:0:0:0:0:1]:4820',
    '0.0.0.0:4820',
    '127.1:4820',
    '2130706433:4820',
    '127.0.0.1:4820, evil.test',
    ' 127.0.0.1:4820',
    'user@127.0.0.1:4820',
    '',
  ])('S2, R100: refuses Host "%s" with 403', (host) => {
    expect(ask({ hosts: [host] })).toBe(403);
  });

  it('S2: refuses a request without Host and one with two', () => {
    expect(ask({ hosts: [] })).toBe(403);
    expect(ask({ hosts: ['127.0.0.1:4820', 'evil.test'] })).toBe(403);
    expect(ask({ hosts: ['127.0.0.1:4820', '127.0.0.1:4820'] })).toBe(403);
  });

  it('S2: on port 80 takes the name alone, as HTTP clients send it', () => {
    const onPort80 = createGuard({ port: 80, token: 'a-token-of-enough-length', isPublic: () => true });
    const request = { method: 'GET', path: '/', origins: [], authorizations: [] };
    expect(onPort80.request({ ...request, hosts: ['localhost'] })).toBeNull();
    expect(onPort80.request({ ...request, hosts: ['localhost:4820'] })?.status).toBe(403);
  });

  it('S2: refuses a foreign Host on a public route too', () => {
    expect(ask({ path: '/', hosts: ['evil.test'] })).toBe(403);
  });
});

describe('Origin', () => {
  it.each(['http://127.0.0.1:4820', 'http://localhost:4820', 'http://[::1]:4820'])(
    'S3: lets our own %s in',
    (origin) => {
      expect(ask({ origins: [origin] })).toBe('in');
    },
  );

  it('S3: lets a request without Origin in, since no browser sent it from another page', () => {
    expect(ask({ origins: [] })).toBe('in');
  });

  it.each([
    'null',
    '',
    'http://evil.test',
    'https://127.0.0.1:4820',
    'http://127.0.0.1',
    'http://127.0.0.1:4821',
    'http://127.0.0.1:4820.evil.test',
    'http://127.0.0.1:4820/',
    'http://evil.test:4820',
    'file://',
    'chrome-extension://abcdefgh',
    'vscode-webview://abcdefgh',
  ])('S3, R100: refuses Origin "%s" with 403', (origin) => {
    expect(ask({ origins: [origin] })).toBe(403);
  });

  it('S3: refuses two Origins even when both are ours', () => {
    expect(ask({ origins: ['http://127.0.0.1:4820', 'http://127.0.0.1:4820'] })).toBe(403);
  });

  it('S3: a page must send one', () => {
    expect(guard.page({ hosts: ['127.0.0.1:4820'], origins: [] })?.status).toBe(403);
    expect(guard.page({ hosts: ['127.0.0.1:4820'], origins: ['null'] })?.status).toBe(403);
    expect(guard.page({ hosts: ['evil.test'], origins: ['http://127.0.0.1:4820'] })?.status).toBe(403);
    expect(guard.page({ hosts: ['127.0.0.1:4820'], origins: ['http://127.0.0.1:4820'] })).toBeNull();
  });
});

describe('token', () => {
  it.each([
    [],
    [''],
    ['Bearer'],
    ['Bearer '],
    ['Bearer wrong'],
    ['Basic a-token-of-enough-length'],
    ['a-token-of-enough-length'],
    ['Bearer a-token-of-enough-lengt'],
    ['Bearer a-token-of-enough-lengthh'],
    ['Bearer a-token-of-enough-length extra'],
    ['Bearer a-token-of-enough-length', 'Bearer a-token-of-enough-length'],
  ])('S4: answers 401 to Authorization %j', (...authorizations) => {
    expect(ask({ authorizations })).toBe(401);
  });

  it('S24: the token for spans opens the door for spans, and nothing else', () => {
    const ingest = { token: 'a-token-for-spans-only', opens: (path: string) => path === '/v1/traces' };
    const both = createGuard({ port: PORT, token: 'a-token-of-enough-length', isPublic: () => false, ingest });
    const answer = (path: string, token: string) =>
      both.request({
        method: 'POST',
        path,
        hosts: ['127.0.0.1:4820'],
        origins: [],
        authorizations: [`Bearer ${token}`],
      });
    expect(answer('/v1/traces', ingest.token)).toBeNull();
    expect(answer('/v1/traces', 'a-token-of-enough-length')).toBeNull();
    expect(answer('/v1/traces', 'a-token-for-spans-onl')?.status).toBe(401);
    for (const path of [
      '/mcp',
      '/api/traces',
      '/api/open-code',
      '/v1/mcp',
      '/v1/traces/',
      '/V1/traces',
      '/v1/traces/../mcp',
    ])
      expect(answer(path, ingest.token)).toMatchObject({ status: 403, message: expect.stringContaining('/v1/traces') });
    const foreign = { method: 'POST', path: '/v1/traces', authorizations: [`Bearer ${ingest.token}`] };
    expect(both.request({ ...foreign, hosts: ['evil.test'], origins: [] })?.status).toBe(403);
    expect(both.request({ ...foreign, hosts: ['127.0.0.1:4820'], origins: ['http://evil.test'] })?.status).toBe(403);
  });

  it('S4: takes the token whatever the case of the scheme', () => {
    expect(ask({ authorizations: ['bearer a-token-of-enough-length'] })).toBe('in');
  });

  it('S4: asks none on a public route', () => {
    expect(ask({ path: '/', authorizations: [] })).toBe('in');
  });

  it('refuses preflights with 403, token or not: there is no CORS', () => {
    expect(ask({ method: 'OPTIONS' })).toBe(403);
    expect(ask({ method: 'OPTIONS', path: '/', authorizations: [] })).toBe(403);
  });

  it('says in its refusals nothing of the token', () => {
    const refusal = guard.request({
      method: 'GET',
      path: '/x',
      hosts: ['127.0.0.1:4820'],
      origins: [],
      authorizations: ['Bearer presented-secret'],
    });
    expect(refusal?.message).not.toMatch(/presented-secret|a-token-of-enough-length/);
  });
});
