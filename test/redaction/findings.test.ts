import { describe, expect, it } from 'vitest';
import { rawPayload, rawSpan, testRedactor } from './masked.ts';

const redactor = testRedactor();

describe('findings', () => {
  it('R101: say where, by which rule and what kind, and never the value', () => {
    const { findings, text } = redactor.payload(
      rawPayload('{"a":[{"dbPassword":"correct horse"}],"url":"https://h/?x=1&token=hunter2&y=2"}'),
    );
    expect(text).toBe('{"a":[{"dbPassword":"•••"}],"url":"https://h/?x=1&token=•••&y=2"}');
    expect(findings).toEqual([
      {
        path: '/a/0/dbPassword',
        start: 0,
        end: 3,
        rule: 'key-name',
        kind: 'password',
        length: '9-16',
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      {
        path: '/url',
        start: 21,
        end: 24,
        rule: 'url-query',
        kind: 'token',
        length: '1-8',
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|correct|horse/);
  });

  it('follow one secret through all its encodings', () => {
    const { findings } = redactor.payload(
      rawPayload(
        JSON.stringify({
          password: 'hunter two',
          url: 'https://h/?token=hunter%20two',
          text: JSON.stringify({ password: 'hunter two' }),
          headers: { Authorization: 'Bearer hunter two' },
          note: 'password: hunter two',
        }),
      ),
    );
    expect(findings).toHaveLength(5);
    expect(new Set(findings.map((finding) => finding.hash)).size).toBe(1);
  });

  it('give a secret another hash under another key', () => {
    const other = testRedactor({ hashKey: new Uint8Array(32).fill(8) });
    const hash = (by: typeof redactor) => by.payload(rawPayload('{"password":"x"}')).findings[0]?.hash;
    expect(hash(other)).not.toBe(hash(redactor));
    expect(hash(testRedactor())).toBe(hash(redactor));
  });

  it.each([
    [1, '1-8'],
    [8, '1-8'],
    [9, '9-16'],
    [17, '17-32'],
    [33, '33-64'],
    [65, '65-256'],
    [257, '257+'],
  ])('tell that %i characters are %s', (length, bucket) => {
    const { findings } = redactor.payload(rawPayload(JSON.stringify({ password: 'x'.repeat(length) })));
    expect(findings[0]?.length).toBe(bucket);
  });

  it('name members whose names need escaping as RFC 6901 says', () => {
    const { findings } = redactor.payload(rawPayload('{"a/b~c":{"token":"S"}}'));
    expect(findings[0]?.path).toBe('/a~1b~0c/token');
  });

  it('R15: of a name end in # and hold the redacted name', () => {
    const { findings, text } = redactor.payload(rawPayload('{"https://u:S3CRET@h/":{"password":"x"}}'));
    expect(text).toBe('{"https://•••@h/":{"password":"•••"}}');
    expect(findings).toMatchObject([
      { path: '/https:~1~1•••@h~1#', start: 8, end: 11, rule: 'url-userinfo' },
      { path: '/https:~1~1•••@h~1/password', rule: 'key-name' },
    ]);
  });

  it('stop being listed where nobody would read them, while hiding goes on', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ token: `hunter${index}` }));
    const { findings, text } = redactor.payload(rawPayload(JSON.stringify(many)));
    expect(findings).toHaveLength(1_000);
    expect(text).not.toContain('hunter');
  });

  it('are none where nothing was hidden', () => {
    expect(redactor.payload(rawPayload('{"a":"b"}')).findings).toEqual([]);
    expect(redactor.span(rawSpan({})).findings).toEqual([]);
  });
});
