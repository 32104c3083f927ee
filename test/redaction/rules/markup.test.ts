import { describe, expect, it } from 'vitest';
import { hitsIn, masked } from '../masked.ts';

describe('elements of XML', () => {
  it.each([
    ['<password>S</password>', '<password>•••</password>'],
    ['<a:Secret x="1">S S</a:Secret>', '<a:Secret x="1">•••</a:Secret>'],
    ['<u>x</u><authToken>\n S\n</authToken >', '<u>x</u><authToken>•••</authToken >'],
  ])('lose their text when their name announces a secret: %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
    expect(masked(expected)).toBe(expected);
    expect(hitsIn(text)).toMatchObject([{ rule: 'markup' }]);
  });

  it.each(['<user>x</user>', '<password></password>', '<password/>', '<token>${TOKEN}</token>', '</password> x'])(
    'stay as they are otherwise: %s',
    (text) => {
      expect(masked(text)).toBe(text);
    },
  );
});
