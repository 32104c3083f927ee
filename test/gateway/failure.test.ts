import { describe, expect, it } from 'vitest';
import { categoryOfCode, categoryOfStatus } from '../../src/gateway/failure.ts';
import { innermostCause } from '../../src/shared/kernel/innermost-cause.ts';

describe('the category of a failure', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'dns_resolution'],
    ['EAI_AGAIN', 'dns_resolution'],
    ['ECONNRESET', 'connection_reset'],
    ['EPIPE', 'connection_reset'],
    ['UND_ERR_SOCKET', 'connection_reset'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['EHOSTUNREACH', 'network_error'],
    ['ENETUNREACH', 'network_error'],
    ['EPROTO', 'ssl_tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ssl_tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'ssl_tls'],
    ['CERT_HAS_EXPIRED', 'ssl_tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ssl_tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'ssl_tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ssl_tls'],
    ['EADDRNOTAVAIL', 'connection_error'],
    ['', 'connection_error'],
  ])('R48: of a system’s code %j is %s', (code, category) => {
    expect(categoryOfCode(code)).toBe(category);
  });

  it.each([
    [401, 'auth_unauthorized'],
    [403, 'auth_forbidden'],
    [404, 'not_found'],
    [400, 'http_error'],
    [429, 'http_error'],
    [500, 'upstream_server_error'],
    [503, 'upstream_server_error'],
  ])('R48: of HTTP %d is %s', (status, category) => {
    expect(categoryOfStatus(status)).toBe(category);
  });
});

describe('the innermost cause', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1:9'), { code: 'ECONNREFUSED' });

  it('R48: is what lies below every wrapper', () => {
    const wrapped = new TypeError('fetch failed', { cause: new Error('inner', { cause: refused }) });
    const found = { code: 'ECONNREFUSED', name: 'Error', message: 'connect ECONNREFUSED ::1:9' };
    expect(innermostCause(wrapped)).toEqual(found);
    expect(innermostCause(new AggregateError([refused, new Error('another')]))).toEqual(found);
  });

  it('R48: is never empty where any of them says something', () => {
    const silent = new Error('');
    expect(innermostCause(new RangeError('too far', { cause: silent }))).toEqual({
      code: '',
      name: 'RangeError',
      message: 'too far',
    });
    expect(innermostCause('a thrown text')).toEqual({ code: '', name: '', message: '' });
  });
});
