import { posix } from 'node:path';
import ts from 'typescript';
import type { Room } from './import-policy.ts';
import { at, visitAll, type SourceFile } from './sources.ts';

interface Import {
  readonly specifier: string;
  readonly node: ts.Node;
}

function literal(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;
}

/** The address in `new URL('./worker.ts', import.meta.url)`: that is how a worker's module is imported. */
function moduleUrl(node: ts.Node): string | null {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'URL') return null;
  const [address, base] = node.arguments ?? [];
  if (base?.getText() !== 'import.meta.url') return null;
  const text = literal(address);
  return text !== null && /\.[cm]?[jt]sx?$/.test(text) ? text : null;
}

function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return literal(node.moduleReference.expression);
  }
  if (ts.isCallExpression(node)) {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if (isImport || node.expression.getText() === 'require') return literal(node.arguments[0]);
  }
  return moduleUrl(node);
}

export function importsOf(source: SourceFile): Import[] {
  const found: Import[] = [];
  visitAll(source.tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) found.push({ specifier, node });
  });
  return found;
}

export function isWithin(path: string, folderOrFile: string): boolean {
  return path === folderOrFile || path.startsWith(`${folderOrFile}/`);
}

export function roomOf(path: string, rooms: readonly Room[]): Room | null {
  const holding = rooms.filter((room) => isWithin(path, room.folder));
  return holding.sort((a, b) => b.folder.length - a.folder.length)[0] ?? null;
}

export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The feature a renderer file belongs to, for example `renderer/features/traces`. */
function featureOf(path: string): string | null {
  return /^renderer\/features\/[^/]+/.exec(path)?.[0] ?? null;
}

function localImportProblem(source: SourceFile, room: Room, target: string, rooms: readonly Room[]): string | null {
  const targetRoom = roomOf(target, rooms);
  if (targetRoom === null) return `imports ${target}, which is in no room`;
  const feature = featureOf(source.path);
  const targetFeature = featureOf(target);
  if (feature !== null && targetFeature !== null && feature !== targetFeature) {
    return `imports another feature, ${target}: features never import each other`;
  }
  if (targetRoom.folder === room.folder) return null;
  // A file named alone opens that file; a folder opens the room of that name, not the rooms inside it.
  const allowed = room.rooms.some((entry) => entry === target || entry === targetRoom.folder);
  return allowed ? null : `imports ${target}: ${room.folder} may not import ${targetRoom.folder}`;
}

/** Imports whose target is computed: the policy cannot read them, so there are none. */
export function unreadableImports(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const computed = dynamic && literal(node.arguments[0]) === null;
      const loader = ts.isIdentifier(node) && node.text === 'createRequire';
      if (computed || loader) found.push(`${at(source, node)} imports what cannot be known beforehand`);
    });
    return found;
  });
}

/** Every import that the policy does not allow, each as one line that says where and why. */
export function importProblems(sources: readonly SourceFile[], rooms: readonly Room[]): string[] {
  return sources.flatMap((source) => {
    const room = roomOf(source.path, rooms);
    if (room === null) return [`${source.path} is in no room: add its folder to test/architecture/import-policy.ts`];
    return importsOf(source).flatMap(({ specifier, node }) => {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(source.path), specifier.replace(/\?.*$/, ''));
        const problem = localImportProblem(source, room, target, rooms);
        return problem === null ? [] : [`${at(source, node)} ${problem}`];
      }
      const name = packageOf(specifier);
      if (room.packages.includes(name)) return [];
      return [`${at(source, node)} imports ${name}: ${room.folder} may not`];
    });
  });
}
