import { describe, expect, it } from 'vitest';
import { masked } from '../masked.ts';

describe('commands and statements', () => {
  it.each([
    ['curl -u ada:S https://h/', 'curl -u ••• https://h/'],
    ['curl -uada:S https://h/', 'curl -u••• https://h/'],
    ['curl https://h/ --user "ada:S S" -X POST', 'curl https://h/ --user "•••" -X POST'],
    ['curl -X POST --proxy-user=ada:S h', 'curl -X POST --proxy-user=••• h'],
    ['curl -s \\\n  -u ada:S \\\n  https://h/', 'curl -s \\\n  -u ••• \\\n  https://h/'],
    ['curl -b "sid=S; a=S" https://h/', 'curl -b "•••" https://h/'],
    ['machine h login ada password S', 'machine h login ada password •••'],
    ['machine h\n  login ada\n  password S\nmachine i', 'machine h\n  login ada\n  password •••\nmachine i'],
    ["define( 'DB_PASSWORD', 'S' );", "define( 'DB_PASSWORD', '•••' );"],
    ["ALTER USER a WITH PASSWORD 'S';", "ALTER USER a WITH PASSWORD '•••';"],
    ["CREATE USER a IDENTIFIED BY 'S'", "CREATE USER a IDENTIFIED BY '•••'"],
    ['key: |\n  x\nsecret: |\n  S\n\n  S\nb: 1', 'key: |\n  x\nsecret: |\n  •••\nb: 1'],
    ['deploy --api-key=S --region fra', 'deploy --api-key=••• --region fra'],
    [':password => "S"', ':password => "•••"'],
    ['https://h/p;jsessionid=S?page=2', 'https://h/p;jsessionid=•••#01234567?page=2'],
  ])('lose their secrets: %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
    expect(masked(expected)).toBe(expected);
  });

  it.each([
    'curl -u ada https://h/',
    'curl -b cookies.txt https://h/',
    'curl https://h/ and then ls -u a:b',
    'ls -u a:b',
    'the login password is asked for',
    "define('DB_HOST', 'localhost');",
    'at f (token.ts:41:13)',
    'this.password = password;',
    'string password = 2;',
    'a ? password : token',
    'scope tokens:read',
    'Authorization: Bearer <token>` here',
    'WWW-Authenticate: Bearer realm="mcp"',
    'token: Optional[str] = None',
    'done, tokens: 1,240 (prompt 900)',
  ])('stay as they are otherwise: %j', (text) => {
    expect(masked(text)).toBe(text);
  });
});
