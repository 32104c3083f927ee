import { describe, expect, it } from 'vitest';
import { masked } from '../masked.ts';

describe('the user and password of an address', () => {
  it.each([
    ['https://user:S@h/p', 'https://•••@h/p'],
    ['postgres://u:S@h:5432/db', 'postgres://•••@h:5432/db'],
    ['redis://:S@h', 'redis://•••@h'],
    ['wss://u:S@h', 'wss://•••@h'],
    ['amqp://u:S@h', 'amqp://•••@h'],
    ['mongodb+srv://u:S@h/db', 'mongodb+srv://•••@h/db'],
    ['https://S@h/p', 'https://•••@h/p'],
    ['https://u:S@S@h/p', 'https://•••@h/p'],
    ['https://u:S/S#S?S@h/p', 'https://•••@h/p'],
    ['see https://u:S@[::1]:80/p, please', 'see https://•••@[::1]:80/p, please'],
    ['a://u:S@h b://u:S@h', 'a://•••@h b://•••@h'],
  ])('R11: are hidden in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'https://packages.example/@scope/name',
    'https://h:8080/@user',
    'https://[::1]:80/a@b',
    'mail bob@example.org about https://h/',
    '://u:p@h',
    'https://h/?mail=a@b.c',
  ])('are not seen in %j', (text) => {
    expect(masked(text)).toBe(text);
  });
});

describe('parameters of an address', () => {
  it.each(
    ['token', 'key', 'api_key', 'x_api_key', 'apiKeyTavily', 'pwd', 'auth', 'code', 'sig', 'session_token'].concat([
      'session_id',
      'X-Amz-Signature',
    ]),
  )('R1: the value of %s is hidden', (name) => {
    const form = name === 'session_id' ? '•••#01234567' : '•••';
    expect(masked(`https://h/p?a=1&${name}=SECRET&b=2`)).toBe(`https://h/p?a=1&${name}=${form}&b=2`);
    expect(masked(`/p?${name}=SECRET`)).toBe(`/p?${name}=${form}`);
  });

  it.each([
    ['https://h/?%74oken=S&a=1', 'https://h/?%74oken=•••&a=1'],
    ['https://h/?%2574oken=S', 'https://h/?%2574oken=•••'],
    ['https://h/?api+key=S', 'https://h/?api+key=•••'],
    ['https://h/?token=S1&a=1&token=S2', 'https://h/?token=•••&a=1&token=•••'],
    ['https://h/?token=&a=1', 'https://h/?token=&a=1'],
    ['https://h/?a=1;token=S;b=2', 'https://h/?a=1;token=•••;b=2'],
    ['https://h/?token=half;half&b=2', 'https://h/?token=•••&b=2'],
    ['https://h/?token=a=b=S&b=2', 'https://h/?token=•••&b=2'],
    ['https://h/?a=1&amp;token=S', 'https://h/?a=1&amp;token=•••'],
    ['https://h/?user[password]=S&user[name]=bob', 'https://h/?user[password]=•••&user[name]=bob'],
    ['a=1&code=S&b=2', 'a=1&code=•••&b=2'],
    ['key=S&b=2', 'key=•••&b=2'],
    ['GET /p?code=S HTTP/1.1', 'GET /p?code=••• HTTP/1.1'],
    ['<a href="/p?code=S">link</a>', '<a href="/p?code=•••">link</a>'],
    ['https://h/?filter={"a":"b"}&token=S', 'https://h/?filter={"a":"b"}&token=•••'],
  ])('R2: %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ['https://h/cb#access_token=S&state=x', 'https://h/cb#access_token=•••&state=x'],
    ['https://h/#/cb?code=S', 'https://h/#/cb?code=•••'],
    ['#token=S', '#token=•••'],
  ])('R13: the fragment of %j is read like a query', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it('R2: an address that is encoded in another one is hidden when it holds a secret', () => {
    const inner = encodeURIComponent('https://h/?token=S');
    expect(masked(`https://h/?a=1&next=${inner}&b=2`)).toBe('https://h/?a=1&next=•••&b=2');
    expect(masked(`https://h/?next=${encodeURIComponent(`/x?next=${inner}`)}`)).toBe('https://h/?next=•••');
    expect(masked('https://h/?next=token%3DS&b=2')).toBe('https://h/?next=•••&b=2');
    const harmless = `https://h/?next=${encodeURIComponent('https://h/?page=2')}`;
    expect(masked(harmless)).toBe(harmless);
  });

  it.each([
    'https://h/p?page=2&q=what+is+a+token&sort_key=name',
    'Is this right? code=5 or not',
    'a = 1 & b = 2',
    'heading #1: code=5',
    'https://h/p#section-2',
    'code=ENOENT',
  ])('leave %j as it is', (text) => {
    expect(masked(text)).toBe(text);
  });
});
