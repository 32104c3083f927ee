import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readPage, sectionOf, tablesOf } from './markdown.ts';

interface Claim {
  readonly text: string;
  readonly testFile: string;
}

/** Where the user guide speaks of propagation, pooling and redaction. */
const PLACES = [
  ['docs/tracing.md', 'Propagation'],
  ['docs/tracing.md', 'Pooling'],
  ['docs/redaction.md', 'Claims and their tests'],
] as const;

const LINK = /\]\(\.\.\/(test\/[\w./-]+)\)/;
const IDS = /^[RS]\d+(?:,? [RS]\d+)*: /;

function claimsOf(page: string, heading: string): readonly Claim[] {
  return (tablesOf(sectionOf(readPage(page), heading))[0] ?? []).map((row) => ({
    text: row['claim'] ?? '',
    testFile: LINK.exec(row['test'] ?? '')?.[1] ?? 'no link to a test',
  }));
}

/** Every test of a file as a sentence: what it is about and its title, without ids of requirements. */
function sentencesOf(file: string): ReadonlySet<string> {
  const tree = ts.createSourceFile(file, readPage(file), ts.ScriptTarget.Latest, true);
  const sentences = new Set<string>();
  const visit = (node: ts.Node, about: string): void => {
    const titled = titleOf(node);
    if (titled?.runner === 'it') sentences.add(`${about} ${titled.title.replace(IDS, '')}`.trim());
    else ts.forEachChild(node, (child) => visit(child, titled === null ? about : titled.title));
  };
  visit(tree, '');
  return sentences;
}

/** Of `describe.each([...])('tracing, sessions %s', ...)` what is said before the comma: the rest differs from case to case. */
function titleOf(node: ts.Node): { readonly runner: 'describe' | 'it'; readonly title: string } | null {
  if (!ts.isCallExpression(node)) return null;
  const runner = /^(describe|it)\b/.exec(node.expression.getText())?.[1];
  const [title] = node.arguments;
  if (title === undefined || !ts.isStringLiteralLike(title)) return null;
  if (runner === 'it') return { runner, title: title.text };
  if (runner !== 'describe') return null;
  return { runner, title: title.text.includes('%s') ? (title.text.split(',')[0] ?? '') : title.text };
}

describe('the claims of the user guide', () => {
  it.each(PLACES)('R98: %s, %s: each is a test of the same name', (page, heading) => {
    const claims = claimsOf(page, heading);
    expect(claims.length).toBeGreaterThan(2);
    for (const { text, testFile } of claims) expect(sentencesOf(testFile)).toContain(text);
  });
});
