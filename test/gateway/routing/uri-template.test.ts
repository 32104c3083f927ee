import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileUriTemplate } from '../../../src/gateway/routing/uri-template.ts';

function matches(template: string, uri: string): boolean | undefined {
  return compileUriTemplate(template)?.matches(uri);
}

describe('compileUriTemplate', () => {
  it.each([
    ['demo://text/{id}', 'demo://text/1'],
    ['demo://text/{id}', 'demo://text/a%20b'],
    ['file:///{+path}', 'file:///a/b/c.txt'],
    ['file://{/path*}', 'file:///a/b'],
    ['x://{a}-{b}', 'x://1-2-3'],
    ['x://{a,b}', 'x://1,2'],
    ['x://host{/a,b}/end', 'x://host/1/2/end'],
    ['x://s{?q,page}', 'x://s?q=1&page=2'],
    ['x://s{?q,page}', 'x://s'],
    ['x://s?fixed=1{&q}', 'x://s?fixed=1&q=2'],
    ['x://p{;a,b}', 'x://p;a=1;b=2'],
    ['x://p{.ext}', 'x://p.txt'],
    ['x://p{#part}', 'x://p#a/b'],
    ['x://{+a}x{+b}x{+c}', 'x://xxx'],
    ['plain://uri', 'plain://uri'],
  ])('%s fits %s', (template, uri) => {
    expect(matches(template, uri)).toBe(true);
  });

  it.each([
    ['demo://text/{id}', 'demo://text/1/2'],
    ['demo://text/{id}', 'demo://blob/1'],
    ['demo://text/{id}', 'demo://text/1?q=2'],
    ['x://{a}/end', 'x://1/ende'],
    ['x://s{?q}', 'x://sq=1'],
    ['x://p{.ext}', 'x://p/txt'],
    ['plain://uri', 'plain://uri/more'],
    ['a.c://{x}', 'abc://1'],
    ['(a+)+$://{x}', 'aaaa://1'],
  ])('%s does not fit %s', (template, uri) => {
    expect(matches(template, uri)).toBe(false);
  });

  it.each(['x://{a', 'x://a}', 'x://{}', 'x://{a b}', 'x://{=a}', `x://${'a'.repeat(300)}`, '{a}'.repeat(17)])(
    '%s is no template',
    (text) => {
      expect(compileUriTemplate(text)).toBeNull();
    },
  );

  it('fits whatever its variables are expanded to', () => {
    const value = fc.stringMatching(/^[a-z0-9~._-]{0,10}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z/-]{0,5}$/), value), { maxLength: 8 }), (parts) => {
        const template = parts.map(([literal], index) => `${literal}{v${index}}`).join('');
        const uri = parts.map(([literal, text]) => literal + text).join('');
        expect(matches(template, uri)).toBe(true);
      }),
    );
  });

  it('takes no more steps than template times URI, however both are made', () => {
    // With backtracking this would not end in our lifetime.
    const template = `${'{+a}x'.repeat(16)}y`;
    expect(matches(template, 'x'.repeat(2_000))).toBe(false);
  });
});
