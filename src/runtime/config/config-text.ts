import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { UserError } from '../../shared/kernel/user-error.ts';

/** A config file's text with its values, so that a complaint about a value can say where it stands. */
export interface ConfigText {
  readonly value: unknown;
  /** A UserError whose sentence starts with file, line and column of the value (or of its key) at `path`. */
  complaint(path: JSONPath, problem: string, at?: 'value' | 'key'): UserError;
}

/** Reads JSON with comments and trailing commas. Throws a UserError that names line and column when it cannot. */
export function parseConfigText(fileName: string, rawText: string): ConfigText {
  const text = rawText.startsWith('\uFEFF') ? rawText.slice(1) : rawText;
  const at = (offset: number): string => {
    const before = text.slice(0, offset).split('\n');
    return `${fileName}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const broken = errors[0];
  if (broken !== undefined) {
    throw new UserError(`${at(broken.offset)}: this is not valid JSON (${wordsOf(broken)}). Mend it and try again.`);
  }
  if (root === undefined) throw new UserError(`${fileName} is empty. Write at least {"mcpServers": {}} into it.`);
  refuseRepeatedKeys(root, at);
  return {
    value: getNodeValue(root),
    complaint(path, problem, place = 'value') {
      const node = nearestNode(root, path);
      const offset = place === 'key' ? (node.parent?.children?.[0]?.offset ?? node.offset) : node.offset;
      return new UserError(`${at(offset)}: ${problem}`);
    },
  };
}

/** `PropertyNameExpected` becomes `property name expected`. */
function wordsOf(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** A missing value is complained about where its nearest present ancestor stands. */
function nearestNode(root: Node, path: JSONPath): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

/** JSON lets a later key silently replace an earlier one; a server that vanishes that way would be missed. */
function refuseRepeatedKeys(root: Node, at: (offset: number) => string): void {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const seen = new Set<unknown>();
    for (const child of node.children ?? []) {
      pending.push(child);
      const key = child.type === 'property' ? child.children?.[0] : undefined;
      if (key === undefined) continue;
      const name: unknown = key.value;
      if (seen.has(name))
        throw new UserError(`${at(key.offset)}: the key "${String(name)}" stands here twice. Remove one.`);
      seen.add(name);
    }
  }
}
