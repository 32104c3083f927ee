import { describe, expect, it } from 'vitest';
import { masked } from '../masked.ts';

describe('labels in a text', () => {
  it.each([
    ['password: correct horse S battery', 'password: •••'],
    ['password = correct horse S battery', 'password = •••'],
    ['password=correct horse S battery', 'password=•••'],
    ['The password: a b S\nnext line stays', 'The password: •••\nnext line stays'],
    ['password: "two S words" stays', 'password: "•••" stays'],
    ["password: 'two S words' stays", "password: '•••' stays"],
    ['password: "never closed S\nstays', 'password: "•••\nstays'],
    ['password: "an \\" escaped S quote" stays', 'password: "•••" stays'],
    ['say "password: two S words" and go on', 'say "password: •••" and go on'],
    ['api key: one S two', 'api key: •••'],
    ['Session ID: S', 'Session ID: •••#01234567'],
    ['AWS_SECRET_ACCESS_KEY=S', 'AWS_SECRET_ACCESS_KEY=•••'],
    ["{ password: 'S', user: 'bob' }", "{ password: '•••', user: 'bob' }"],
    ['{ password: S, user: bob }', '{ password: •••, user: bob }'],
    ["'password' => 'S',", "'password' => '•••',"],
    ['config["password"] = "S"', 'config["password"] = "•••"'],
    ['password := "S"', 'password := "•••"'],
    ['Server=h;Password=S;Database=d', 'Server=h;Password=•••;Database=d'],
    ['user=bob token=S action=login', 'user=bob token=••• action=login'],
    ['%74oken=S', '%74oken=•••'],
    ['body="{\\"password\\":\\"S\\",\\"n\\":1}"', 'body="{\\"password\\":\\"•••\\",\\"n\\":1}"'],
  ])('R17: hide the whole value in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ['Authorization: Bearer S', 'Authorization: Bearer •••'],
    ['authorization: token S S', 'authorization: token •••'],
    ['Authorization: ApiKey S', 'Authorization: ApiKey •••'],
    ['Authorization: Digest username="S", realm="S"', 'Authorization: Digest •••'],
    ['Authorization: Basic user:S', 'Authorization: Basic •••'],
    ['Authorization: Bearer a|S', 'Authorization: Bearer •••'],
    ['Proxy-Authorization: Unknown S', 'Proxy-Authorization: •••'],
    ['Authorization: S', 'Authorization: •••'],
    ['curl -H "Authorization: Bearer S" https://h/', 'curl -H "Authorization: Bearer •••" https://h/'],
  ])('R7: hide what follows the scheme in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ['Cookie: a=1; sid=S', 'Cookie: •••'],
    ['Set-Cookie: sid=S; Path=/; HttpOnly', 'Set-Cookie: •••'],
    ["-H 'Cookie: a=1; sid=S' -v", "-H 'Cookie: •••' -v"],
  ])('R8: hide all pairs in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'const token = getToken();',
    'function f(token: string, password: string): void {}',
    'if (token === expected) return;',
    'tokens.map((token) => token.text)',
    'token => token.value',
    'token != null && secret == undefined',
    'return { token: token, password: password };',
    'const apiKey = process.env.API_KEY;',
    'password: <your password>',
    'token: ${TOKEN}',
    'TOKEN=$TOKEN',
    'Max tokens: 100, author: bob',
    'tokens: 1,024',
    'Enter your password to continue.',
    'the token is in the settings',
    'std::token::parse',
    'token://resource/1',
    'key: value',
    'status: ok, code: 200',
    'password:',
    'password:\nnext line',
    'password: ""',
    'password: •••',
  ])('leave %j as it is', (text) => {
    expect(masked(text)).toBe(text);
  });
});
