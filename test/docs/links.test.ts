import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTexts } from '../architecture/repository.ts';
import { repositoryFiles } from '../architecture/sources.ts';
import { anchorsOf } from './markdown.ts';

const pages = readTexts(repositoryFiles()).filter(({ path }) => /^(?:README\.md|docs\/.+\.md)$/.test(path));
const textOf = new Map(pages.map(({ path, text }) => [path, text]));

/** Links to a heading that is not there, of this page or of another one. That files are there, `test/architecture` checks. */
function brokenAnchors(path: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(((?!https?:|mailto:)[^)\s#]*)#([^)\s]+)\)/g)].flatMap(
    ([link, file = '', anchor = '']) => {
      const target = file === '' ? text : textOf.get(join(dirname(path), file));
      return target !== undefined && anchorsOf(target).has(anchor) ? [] : [`${path} has ${link}`];
    },
  );
}

describe('the documents', () => {
  it('link to headings that are there', () => {
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.flatMap(({ path, text }) => brokenAnchors(path, text))).toEqual([]);
    expect(brokenAnchors('README.md', 'see [x](docs/tracing.md#nothing) and [y](#nowhere)')).toHaveLength(2);
  });
});
