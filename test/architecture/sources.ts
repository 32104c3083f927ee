import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

export const ROOT = join(import.meta.dirname, '..', '..');

/** One file as the checks see it. `path` is relative to the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const NOT_OURS = new Set(['node_modules', 'dist', '.cache', '.git', 'test-results']);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function repositoryPath(path: string): string {
  return relative(ROOT, path).split(sep).join('/');
}

export function parseSource(path: string, text: string): SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : path.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind) };
}

/** Configuration of the tools that build and test: no part of what is built. */
const TOOL_CONFIGURATION = /\.config\.[cm]?[jt]s$/;

export function readSources(folders: readonly string[], extension = /\.tsx?$/): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(ROOT, folder)))
    .filter((path) => extension.test(path) && !TOOL_CONFIGURATION.test(path))
    .map((path) => parseSource(repositoryPath(path), readFileSync(path, 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What git would hand out; where there is no git, everything that is neither installed nor built. */
export function repositoryFiles(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((path) => path !== '');
  } catch {
    // An unpacked archive has no history: its files are the repository.
    return walk(ROOT).map(repositoryPath);
  }
}

/** Calls `visit` for every node of the tree, outermost first. */
export function visitAll(root: ts.Node, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(root);
}

export function lineOf(source: SourceFile, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
}

export function at(source: SourceFile, node: ts.Node): string {
  return `${source.path}:${String(lineOf(source, node))}`;
}
