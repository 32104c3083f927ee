import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { ROOT, visitAll } from './sources.ts';

/** One built script. `path` is relative to `dist/`. */
export interface Bundle {
  readonly path: string;
  readonly text: string;
  /** Everything it loads by name: static and dynamic imports, re-exports and `require`. */
  readonly loads: readonly string[];
  /** True when it has a static import or export, so that only a module loader can run it. */
  readonly isModule: boolean;
}

/** The scripts that were built. Throws a sentence when nothing was. */
export function readBundles(dist = join(ROOT, 'dist')): Bundle[] {
  if (!existsSync(dist)) throw new Error('There is no dist/: run "npm run build" first, or "npm test", which builds.');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.c?js$/.test(path))
    .map((path) =>
      parseBundle(relative(dist, join(dist, path)).split(sep).join('/'), readFileSync(join(dist, path), 'utf8')),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function parseBundle(path: string, text: string): Bundle {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const loads: string[] = [];
  visitAll(tree, (node) => {
    const name = loadedName(node);
    if (name !== null) loads.push(name);
  });
  return { path, text, loads, isModule: tree.statements.some(isModuleSyntax) };
}

/** `''` for what is only known when it runs. */
function loadedName(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier === undefined ? null : textOf(node.moduleSpecifier);
  if (!ts.isCallExpression(node)) return null;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? textOf(node.arguments[0]) : null;
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : '';
}

function isModuleSyntax(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return true;
  if (ts.isExportAssignment(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** `@scope/name` or `name` of what is loaded from npm; null for Node's own modules and for files. */
export function packageOf(loaded: string): string | null {
  if (loaded.startsWith('.') || isNodeBuiltin(loaded)) return null;
  return loaded
    .split('/')
    .slice(0, loaded.startsWith('@') ? 2 : 1)
    .join('/');
}

export function isNodeBuiltin(loaded: string): boolean {
  return loaded.startsWith('node:') || builtinModules.includes(loaded);
}

/** Where a script makes code of text: `eval(...)`, `Function(...)`, `new Function(...)`, `setTimeout('...')`. */
export function codeFromText(path: string, text: string): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const found: string[] = [];
  visitAll(tree, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const callee = node.expression.getText();
    const fromText = /^(window\.|globalThis\.|self\.)?(eval|Function)$/.test(callee);
    const [first] = node.arguments ?? [];
    const delayed =
      /^(window\.|globalThis\.|self\.)?set(Timeout|Interval)$/.test(callee) &&
      first !== undefined &&
      ts.isStringLiteralLike(first);
    if (fromText || delayed) found.push(node.getText().slice(0, 80));
  });
  return found;
}
