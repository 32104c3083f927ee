import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freePrefix } from '../../../src/gateway/upstream/prefixes.ts';

function prefixesFor(wanted: readonly string[], separator: string): readonly string[] {
  return wanted.reduce<string[]>((taken, one) => [...taken, freePrefix({ wanted: one, taken, separator })], []);
}

describe('freePrefix', () => {
  it('is the wanted name where nothing speaks against it', () => {
    expect(prefixesFor(['github', 'my-server', 'my__server', 'a'], '__')).toEqual([
      'github',
      'my-server',
      'my__server',
      'a',
    ]);
  });

  it('has only letters that names may have, and not too many', () => {
    expect(freePrefix({ wanted: 'mein büro/1', taken: [], separator: '__' })).toBe('mein_b_ro_1');
    expect(freePrefix({ wanted: 'x'.repeat(100), taken: [], separator: '__' })).toHaveLength(32);
  });

  it('numbers the second of the same name', () => {
    expect(prefixesFor(['git hub', 'git.hub', 'git/hub'], '__')).toEqual(['git_hub', 'git_hub_2', 'git_hub_3']);
  });

  it('changes one that begins with another one and the separator', () => {
    expect(prefixesFor(['my', 'my__server'], '__')).toEqual(['my', 'my-server']);
    expect(prefixesFor(['my__server', 'my'], '__')).toEqual(['my__server', 'my_2']);
  });

  it('never lets one with the separator be the beginning of another with it', () => {
    const letters = fc.stringMatching(/^[ab1_.-]{0,6}$/);
    const separators = fc.stringMatching(/^[ab1_.-]{1,3}$/);
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), separators, (wanted, separator) => {
        const heads = prefixesFor(wanted, separator).map((prefix) => prefix + separator);
        for (const [index, head] of heads.entries())
          for (const [other, text] of heads.entries()) if (index !== other) expect(text.startsWith(head)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
