import { describe, expect, it } from 'vitest';
import { secretKind, secretParameterKind } from '../../../src/redaction/rules/key-name.ts';

const SECRET_NAMES = [
  ['password', 'secret', 'token', 'api_key', 'authorization', 'credential', 'auth_value', 'access_token'],
  ['refresh_token', 'auth_token', 'client_secret', 'cookie', 'set-cookie', 'private_key', 'session_id', 'sessionid'],
  ['userPassword', 'x-api-key', 'X-Auth-Token', 'proxy-authorization', 'mcp-session-id', 'dbPassword'],
  ['aws_secret_access_key', 'privateToken', 'passwd', 'pwd', 'bearer', 'jwt', 'cookies', 'credentials', 'secrets'],
  ['tokens', 'passphrase', 'signature', 'x_api_key', 'my_token', 'OPENAI_API_KEY', 'apiKeyTavily', 'APIKEY'],
  ['X-Amz-Signature', 'X-Vault-Token', 'session_token', 'sessionId', 'accesstoken', 'clientsecret', 'PASSWORD'],
  ['PaSsWoRd', 'db.password', 'user[password]', 'http.request.header.authorization', 'api key', 'ssh_private_key'],
  ['GITHUB_TOKEN', 'csrfToken', 'oauth2AccessToken', 'token1', 'passwordHash', 'secret_id', 'policyToken', 'X-Auth'],
].flat();

const OTHER_NAMES = [
  ['tokenCount', 'max_tokens', 'input_tokens', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'monkey'],
  ['gen_ai.usage.cache_read.input_tokens', 'gen_ai.token.type', 'keyboard', 'author', 'tokenizer', 'tokenize'],
  ['session', 'session.reused', 'key', 'keys', 'primary_key', 'sort_key', 'progressToken', 'nextPageToken'],
  ['token_type', 'token_endpoint', 'tokens_per_second', 'total_tokens', 'password_policy', 'passwordRequired'],
  ['secretary', 'compass', 'passenger', 'passed', 'authority', 'authenticated', 'authors', 'cookieName', 'code'],
  ['sig', 'id', 'name', 'url', 'user_agent.original', 'jsonrpc.request.id', '', '123', 'пароль?', 'cookie_policy'],
].flat();

describe('key names', () => {
  it.each(SECRET_NAMES)('R9: %s announces a secret', (name) => {
    expect(secretKind(name)).not.toBeNull();
  });

  it.each(OTHER_NAMES)('R9: "%s" does not', (name) => {
    expect(secretKind(name)).toBeNull();
  });

  it('say what kind of secret they announce', () => {
    const names = ['userPassword', 'x-api-key', 'Proxy-Authorization', 'Set-Cookie', 'mcp-session-id', 'privateKey'];
    expect(names.map(secretKind)).toEqual([
      'password',
      'api-key',
      'authorization',
      'cookie',
      'session-id',
      'private-key',
    ]);
  });

  it('are still read when a harmless word of another secret stands in front', () => {
    expect(secretKind('token_count_password')).toBe('password');
  });

  it('of any length are decided by their beginning and their end', () => {
    expect(secretKind(`${'x'.repeat(100_000)}_password`)).toBe('password');
    expect(secretKind('x'.repeat(100_000))).toBeNull();
  });
});

describe('parameter names', () => {
  it.each(['key', 'sig', 'code', 'auth', 'pwd', 'X-Amz-Signature', 'session_id', 'sid', ' Code '])(
    'R1: %s announces a secret in an address',
    (name) => {
      expect(secretParameterKind(name)).not.toBeNull();
    },
  );

  it.each(['page', 'q', 'country_code', 'sort_key', 'codec', 'state', 'author'])('%s does not', (name) => {
    expect(secretParameterKind(name)).toBeNull();
  });
});
