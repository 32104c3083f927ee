import ts from 'typescript';
import { visitAll, type SourceFile } from '../architecture/sources.ts';

/** A test title that begins with ids of requirements, for example `R7, S2: what it shows`. */
export interface Citation {
  readonly id: string;
  readonly file: string;
  readonly title: string;
}

export interface CitationReport {
  readonly citations: readonly Citation[];
  /** Titles that begin like a citation and are none. */
  readonly malformed: readonly string[];
}

const CITING = /^([RS]\d+(?:,? [RS]\d+)*): /;
const BEGINS_LIKE_ONE = /^[RS]\d+\b/;

/** `it` of `it(...)`, `it.each(table)(...)`, `describe.skipIf(condition)(...)`. */
function runnerName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isPropertyAccessExpression(callee)) return runnerName(callee.expression);
  if (ts.isCallExpression(callee)) return runnerName(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return runnerName(callee.tag);
  return '';
}

/** `it.skip` and `it.todo` prove nothing. */
function isLeftOut(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee) && (callee.name.text === 'skip' || callee.name.text === 'todo');
}

function titleText(node: ts.Expression | undefined): string | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : null;
}

const RUNNERS = new Set(['it', 'test', 'describe']);

export function titlesOf(source: SourceFile): string[] {
  const titles: string[] = [];
  visitAll(source.tree, (node) => {
    if (!ts.isCallExpression(node) || !RUNNERS.has(runnerName(node.expression)) || isLeftOut(node.expression)) return;
    const title = titleText(node.arguments[0]);
    if (title !== null) titles.push(title);
  });
  return titles;
}

export function citationsOf(sources: readonly SourceFile[]): CitationReport {
  const citations: Citation[] = [];
  const malformed: string[] = [];
  for (const source of sources) {
    for (const title of titlesOf(source)) {
      const ids = CITING.exec(title)?.[1];
      if (ids !== undefined) citations.push(...ids.split(/,? /).map((id) => ({ id, file: source.path, title })));
      else if (BEGINS_LIKE_ONE.test(title)) malformed.push(`${source.path}: ${title}`);
    }
  }
  return { citations, malformed };
}
