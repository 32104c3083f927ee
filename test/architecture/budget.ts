import ts from 'typescript';
import { at, lineOf, visitAll, type SourceFile } from './sources.ts';

export const MAX_FILE_LINES = 400;
export const MAX_FUNCTION_LINES = 80;
export const MAX_COMPONENT_LINES = 200;

function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

export function longFiles(sources: readonly SourceFile[]): string[] {
  return sources
    .filter((source) => linesOf(source.text) > MAX_FILE_LINES)
    .map((source) => `${source.path} has ${String(linesOf(source.text))} lines, ${String(MAX_FILE_LINES)} at most`);
}

type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

/** The name a reader knows the function by; a wrapper such as `memo(function ...)` is looked through. */
function nameOf(node: FunctionNode): string {
  if (node.name !== undefined) return node.name.getText();
  let parent: ts.Node = node.parent;
  while (ts.isCallExpression(parent)) parent = parent.parent;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : '(anonymous)';
}

function isComponent(source: SourceFile, node: FunctionNode): boolean {
  return source.path.endsWith('.tsx') && /^[A-Z]/.test(nameOf(node));
}

/** A describe block groups tests, it is no function anybody reads as one. */
function isTestGroup(node: FunctionNode): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent)) return false;
  return /^describe(\.|$|\()/.test(parent.expression.getText());
}

function functionLines(source: SourceFile, node: FunctionNode): number {
  return source.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf(source, node);
}

export function longFunctions(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      if (!isFunction(node) || isTestGroup(node)) return;
      const limit = isComponent(source, node) ? MAX_COMPONENT_LINES : MAX_FUNCTION_LINES;
      const lines = functionLines(source, node);
      if (lines > limit)
        found.push(`${at(source, node)} ${nameOf(node)} has ${String(lines)} lines, ${String(limit)} at most`);
    });
    return found;
  });
}

export function anyTypes(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(at(source, node));
    });
    return found;
  });
}

function doubleCasts(source: SourceFile): number {
  let count = 0;
  visitAll(source.tree, (node) => {
    if (!ts.isAsExpression(node) || !ts.isAsExpression(node.expression)) return;
    if (node.expression.type.kind === ts.SyntaxKind.UnknownKeyword) count += 1;
  });
  return count;
}

/** Matches in comments only: a string that speaks of one is not one. */
function inComments(source: SourceFile, pattern: RegExp): number {
  const comments = new Map<number, string>();
  const collect = (ranges: ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? []) comments.set(pos, source.text.slice(pos, end));
  };
  visitAll(source.tree, (node) => {
    if (ts.isJsxText(node)) return;
    collect(ts.getLeadingCommentRanges(source.text, node.getFullStart()));
    collect(ts.getTrailingCommentRanges(source.text, node.getEnd()));
  });
  return [...comments.values()].filter((comment) => pattern.test(comment)).length;
}

/** Debts that are counted. */
export const debts = {
  'double casts through unknown': doubleCasts,
  'lint rules switched off': (source: SourceFile) => inComments(source, /eslint-disable/),
  'expected type errors': (source: SourceFile) => inComments(source, /@ts-(expect-error|ignore|nocheck)/),
  'formatting switched off': (source: SourceFile) => inComments(source, /prettier-ignore/),
  'work put off': (source: SourceFile) => inComments(source, /\b(TODO|FIXME|HACK|XXX)\b/),
} as const;

export type Debt = keyof typeof debts;

/** The places that owe, so that a broken ratchet says where to look. */
export function owing(sources: readonly SourceFile[], debt: Debt): string[] {
  return sources.flatMap((source) => {
    const count = debts[debt](source);
    return count === 0 ? [] : [`${source.path}: ${String(count)}`];
  });
}

export function owed(sources: readonly SourceFile[], debt: Debt): number {
  return sources.reduce((sum, source) => sum + debts[debt](source), 0);
}
