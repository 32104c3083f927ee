import { describe, expect, it } from 'vitest';
import { excerpt, placeTab, placeWords, textAt } from '../../../renderer/model/finding-path.ts';
import { findingLabel, findingTag, isHash, lengthWords, shortHash } from '../../../renderer/model/finding.ts';
import type { Finding } from '../../../src/shared/domain/redacted.ts';

const finding: Finding = {
  path: '/attributes/url.full',
  start: 3,
  end: 6,
  rule: 'url-query',
  kind: 'token',
  length: '9-16',
  hash: '0123456789abcdef',
};

describe('something hidden', () => {
  it('is said in a sentence, and in as few words as fit beside it', () => {
    expect(findingLabel(finding)).toBe('token hidden by rule “url-query”, 9 to 16 characters');
    expect(findingTag(finding)).toBe('url-query · token');
    expect(findingTag({ rule: 'jwt', kind: 'jwt' })).toBe('jwt');
    expect(lengthWords('257+')).toBe('257 or more characters');
  });

  it('is followed by a hash, of which people see the beginning', () => {
    expect(shortHash(finding.hash)).toBe('01234567');
    expect(isHash(finding.hash)).toBe(true);
    expect(['0123', `${finding.hash}0`, 'g123456789abcdef'].some(isHash)).toBe(false);
  });
});

describe('a place', () => {
  it.for([
    [null, '/attributes/url.full', 'Attribute', 'url.full', 'overview'],
    [null, '/attributes/hosts/1', 'Attribute', 'hosts[1]', 'overview'],
    [null, '/attributes/https:~1~1x#', 'Attribute', 'https://x (the name)', 'overview'],
    [null, '/origin/resource/service.name', 'Resource', 'service.name', 'overview'],
    [null, '/status/message', 'Status message', '', 'overview'],
    [null, '/traceState', 'Trace state', '', 'overview'],
    [null, '/events/0/attributes/exception.message', 'Event', 'exception.message', 'events'],
    [null, '/events/2/attributes/log.record.original', 'Event', 'log.record.original', 'log'],
    ['request', '/params/arguments/password', 'Request', 'arguments.password', 'payload'],
    ['response', '/result/content/0/text', 'Response', 'content[0].text', 'payload'],
    ['response', '', 'Response', '', 'payload'],
    ['response', '/_preview', 'Response', '', 'payload'],
  ] as const)('%s %s is called %s %s and shown in %s', ([direction, path, part, name, tab]) => {
    expect(placeWords(direction, path)).toEqual({ part, name });
    expect(placeTab(direction, path)).toBe(tab);
  });

  it('leads to its text, through names with any character, cut names and lists', () => {
    const long = 'n'.repeat(200);
    const root = { 'a/b': ['x', { '~#': 'y' }], 'c#': 'z', [long]: 'w', n: 7, deep: { x: true } };
    expect(textAt(root, '/a~1b/0')).toBe('x');
    expect(textAt(root, '/a~1b/1/~0~2')).toBe('y');
    expect(textAt(root, '/c~2')).toBe('z');
    expect(textAt(root, '/c~2#')).toBe('c#');
    expect(textAt(root, `/${long.slice(0, 128)}`)).toBe('w');
    expect(textAt(root, '/n')).toBe('7');
    expect(textAt('whole', '')).toBe('whole');
    expect([textAt(root, '/deep'), textAt(root, '/deep/x'), textAt(root, '/no/such'), textAt(null, '/a')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(textAt({}, '/constructor/name')).toBeNull();
  });

  it('is shown with a little of what stands around it', () => {
    expect(excerpt('abc', 1, 2)).toEqual({ before: 'a', text: 'b', after: 'c' });
    const { before, text, after } = excerpt(`${'x'.repeat(100)}HERE${'y'.repeat(100)}`, 100, 104);
    expect([before, text, after]).toEqual([`…${'x'.repeat(36)}`, 'HERE', `${'y'.repeat(36)}…`]);
  });
});
