import { describe, expect, it } from 'vitest';
import { withEraTable } from '../integration/eras/matrix/render.ts';
import { readPage } from './markdown.ts';

describe('docs/eras.md', () => {
  const page = readPage('docs/eras.md');

  it('says what works between which eras as the tests of the eras see it', () => {
    expect(page, 'run "npm run ledger:docs"').toBe(withEraTable(page));
  });

  it('is not made without the marks that the table goes between', () => {
    expect(() => withEraTable('# Eras')).toThrow('lacks');
  });
});
