import ts from 'typescript';
import { isWithin } from './imports.ts';
import { at, visitAll, type SourceFile } from './sources.ts';

/** Something only some folders may do, and the node that is the doing of it. */
export interface Privilege {
  readonly what: string;
  /** Folders or files that may. Empty: nobody. */
  readonly holders: readonly string[];
  readonly isUse: (node: ts.Node) => boolean;
}

function isProperty(node: ts.Node, object: string, property: string): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  return node.name.text === property && node.expression.getText() === object;
}

function calls(node: ts.Node, name: string): node is ts.CallExpression {
  return ts.isCallExpression(node) && calleeName(node) === name;
}

/** `spawn` of both `spawn(...)` and `processes.spawn(...)`. */
function calleeName(node: ts.CallExpression): string | null {
  const callee = node.expression;
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : null;
}

function creates(node: ts.Node, names: readonly string[]): boolean {
  return ts.isNewExpression(node) && names.includes(node.expression.getText());
}

const REDACTED = /^(RedactedSpan|RedactedPayload|RedactedText|Redacted)$/;

function namesRedacted(type: ts.Node): boolean {
  let found = false;
  visitAll(type, (node) => {
    if (ts.isIdentifier(node) && REDACTED.test(node.text)) found = true;
  });
  return found;
}

/** A cast, an assertion or a type guard that says "this was redacted" of something that nobody redacted. */
function mintsRedacted(node: ts.Node): boolean {
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return namesRedacted(node.type);
  return ts.isTypePredicateNode(node) && node.type !== undefined && namesRedacted(node.type);
}

const PROCESS_STARTERS = ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork'];

/** `{ shell }` is an option only where a process is started: Electron's `shell` has the same name. */
function isShellOption(node: ts.Node): boolean {
  if (ts.isShorthandPropertyAssignment(node)) {
    const call = node.parent.parent;
    const starts = ts.isCallExpression(call) && PROCESS_STARTERS.includes(calleeName(call) ?? '');
    return node.name.text === 'shell' && starts;
  }
  if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'shell') return false;
  if (ts.isPropertyAccessExpression(node.initializer)) return node.initializer.name.text !== 'shell';
  return node.initializer.kind !== ts.SyntaxKind.FalseKeyword;
}

const SHELL_CALLS = ['exec', 'execSync'];

/** `exec` is also a method of regular expressions and of databases: only a bare call is the one of child_process. */
function isShellCall(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && SHELL_CALLS.includes(node.expression.text);
}

const SPAN_MACHINERY = [
  'BasicTracerProvider',
  'NodeTracerProvider',
  'SimpleSpanProcessor',
  'BatchSpanProcessor',
  'InMemorySpanExporter',
];

export const privileges: readonly Privilege[] = [
  {
    what: 'reading the command line',
    holders: ['src/cli'],
    isUse: (node) => isProperty(node, 'process', 'argv') || (ts.isBindingElement(node) && node.getText() === 'argv'),
  },
  {
    what: 'saying that a value was redacted',
    // Those of the store read back only what was redacted before it was stored.
    holders: [
      'src/redaction/mint.ts',
      'src/store/codec/span-rows.ts',
      'src/store/codec/payload-rows.ts',
      'src/store/schema/single-rows.ts',
    ],
    isUse: mintsRedacted,
  },
  {
    what: 'having it said of a value that it was redacted',
    holders: ['src/redaction'],
    isUse: (node) => ts.isIdentifier(node) && /^mintRedacted/.test(node.text),
  },
  {
    what: 'starting a process',
    holders: ['src/gateway/upstream', 'src/cli', 'src/desktop', 'src/runtime/login-path.ts'],
    isUse: (node) => PROCESS_STARTERS.some((name) => calls(node, name)),
  },
  {
    what: 'making a server',
    holders: ['src/runtime/http'],
    isUse: (node) => calls(node, 'createServer') || creates(node, ['WebSocketServer', 'http.Server']),
  },
  {
    what: 'running a command through a shell',
    holders: [],
    isUse: (node) => isShellOption(node) || isShellCall(node),
  },
  {
    what: 'running text as code',
    holders: [],
    isUse: (node) => calls(node, 'eval') || creates(node, ['Function', 'Script', 'vm.Script']),
  },
  {
    what: 'making HTML of text',
    holders: [],
    isUse: (node) =>
      (ts.isIdentifier(node) && node.text === 'dangerouslySetInnerHTML') ||
      (ts.isPropertyAccessExpression(node) && /^(innerHTML|outerHTML|insertAdjacentHTML)$/.test(node.name.text)),
  },
  {
    what: 'building the tracer',
    // The last is that of other people's servers.
    holders: ['src/telemetry', 'src/runtime', 'src/upstream-sdk/sending.ts'],
    isUse: (node) => creates(node, SPAN_MACHINERY),
  },
  {
    what: 'starting a thread',
    holders: ['src/store', 'src/runtime', 'src/plugins/host'],
    isUse: (node) => creates(node, ['Worker']),
  },
];

export function usesWithoutPrivilege(sources: readonly SourceFile[], privilege: Privilege): string[] {
  return sources.flatMap((source) => {
    if (privilege.holders.some((holder) => isWithin(source.path, holder))) return [];
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      if (privilege.isUse(node)) found.push(`${at(source, node)} ${node.getText().split('\n')[0] ?? ''}`);
    });
    return found;
  });
}

/** Where a link is handed to the operating system. */
export function externalOpeners(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      // Any mention, not only a call: a function passed on would be a second door.
      const mention = ts.isIdentifier(node) && node.text === 'openExternal';
      if (mention && !ts.isPropertySignature(node.parent) && !ts.isMethodSignature(node.parent)) {
        found.push(at(source, node));
      }
    });
    return found;
  });
}

export const LOOPBACK = '127.0.0.1';

/** Names of string constants in all of the sources, with every value they have anywhere. */
function stringConstants(sources: readonly SourceFile[]): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const source of sources) {
    visitAll(source.tree, (node) => {
      if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return;
      if (node.initializer === undefined || !ts.isStringLiteral(node.initializer)) return;
      const known = values.get(node.name.text) ?? new Set<string>();
      values.set(node.name.text, known.add(node.initializer.text));
    });
  }
  return values;
}

const SERVER_MODULES = /^(node:)?(http|https|http2|net|tls|dgram)$/;

/** Files that can hold a server at all: other things have a method called `listen` too. */
function knowsServers(source: SourceFile): boolean {
  return source.tree.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return false;
    if (!SERVER_MODULES.test(statement.moduleSpecifier.text)) return false;
    const names = statement.importClause?.namedBindings;
    if (names === undefined || !ts.isNamedImports(names)) return true;
    return names.elements.some(({ name, propertyName }) => /server$/i.test((propertyName ?? name).text));
  });
}

function isMethodCall(node: ts.Node, name: string): node is ts.CallExpression {
  return calls(node, name) && ts.isPropertyAccessExpression(node.expression);
}

function hostArgument(call: ts.CallExpression): ts.Expression | undefined {
  const [first, second] = call.arguments;
  if (first !== undefined && ts.isObjectLiteralExpression(first)) {
    for (const property of first.properties) {
      if (ts.isPropertyAssignment(property) && property.name.getText() === 'host') return property.initializer;
    }
    return undefined;
  }
  return second;
}

/** Every `listen` whose address is not the loopback address, written out or as a constant. */
export function openListeners(sources: readonly SourceFile[]): string[] {
  const constants = stringConstants(sources);
  const isLoopback = (node: ts.Expression | undefined): boolean => {
    if (node === undefined) return false;
    if (ts.isStringLiteral(node)) return node.text === LOOPBACK;
    const values = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
    return values !== undefined && [...values].every((value) => value === LOOPBACK);
  };
  return sources.filter(knowsServers).flatMap((source) => {
    const found: string[] = [];
    visitAll(source.tree, (node) => {
      if (isMethodCall(node, 'listen') && !isLoopback(hostArgument(node)))
        found.push(`${at(source, node)} ${node.getText()}`);
    });
    return found;
  });
}

/** Entry points: a process, a page or a worker begins there, so they act when they are loaded. */
const ENTRIES = /(^|[/-])(main|preload|worker)\.tsx?$/;

/** Statements that do something merely because a module is loaded. */
export function workAtImport(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    if (ENTRIES.test(source.path)) return [];
    return source.tree.statements
      .filter((statement) => {
        const declares =
          ts.isImportDeclaration(statement) ||
          ts.isExportDeclaration(statement) ||
          ts.isVariableStatement(statement) ||
          ts.isFunctionDeclaration(statement) ||
          ts.isClassDeclaration(statement) ||
          ts.isInterfaceDeclaration(statement) ||
          ts.isTypeAliasDeclaration(statement) ||
          ts.isModuleDeclaration(statement);
        return !declares;
      })
      .map((statement) => `${at(source, statement)} ${statement.getText().split('\n')[0] ?? ''}`);
  });
}
