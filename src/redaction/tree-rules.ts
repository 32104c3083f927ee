import { addHit } from './hits.ts';
import type { Hit } from './hits.ts';
import type { ArrayNode, NumberNode, ObjectNode, StringNode, TreeNode } from './json-tree.ts';
import { credentialsStart } from './rules/authorization.ts';

/** What the engine lends to the rules for trees. */
export interface TreeScope {
  readonly kindOfKey: (key: string) => string | null;
  readonly findInText: (text: string) => readonly Hit[];
}

/** What the keys above a value say about it. */
interface Context {
  /** The kind of secret that everything here is, or null. */
  readonly kind: string | null;
  /** Inside a JSON Schema, where a key names a property and its value describes it. */
  readonly schema: 'none' | 'schema' | 'secret-property';
  /** The nearest key above. */
  readonly key: string;
}

/** What stands above a tree that is not a document of its own: an attribute's name and what it says. */
export interface Above {
  readonly kind: string | null;
  readonly key: string;
}

const NOTHING_ABOVE: Above = { kind: null, key: '' };

const RULE = 'key-name';

/** Marks what must be hidden with `hits` on the strings and numbers of a tree. Answers whether there is any. */
export function markTree(root: TreeNode, scope: TreeScope, above: Above = NOTHING_ABOVE): boolean {
  return markNode(root, { kind: above.kind, schema: 'none', key: above.key }, scope);
}

function markNode(node: TreeNode, context: Context, scope: TreeScope): boolean {
  switch (node.type) {
    case 'string':
      return markString(node, context.kind, RULE, scope);
    case 'number':
      return markNumber(node, context.kind, scope);
    case 'literal':
      return false;
    case 'object':
      return markObject(node, context, scope);
    case 'array':
      return markArray(node, context, scope);
  }
}

function markString(node: StringNode, kind: string | null, rule: string, scope: TreeScope): boolean {
  if (kind === null) {
    node.hits = scope.findInText(node.text);
    return node.hits.length > 0;
  }
  const hits: Hit[] = [];
  const start = kind === 'authorization' ? credentialsStart(node.text) : 0;
  addHit(hits, node.text, { start, end: node.text.length }, { rule, kind });
  node.hits = hits;
  return hits.length > 0;
}

const SHORTEST_KNOWN_NUMBER = 8;

/** A count of tokens is a number; a password may be one. A number that is a secret by value is hidden whole. */
function markNumber(node: NumberNode, kind: string | null, scope: TreeScope): boolean {
  const mayBeKnown = kind === null && node.text.length >= SHORTEST_KNOWN_NUMBER;
  const known = mayBeKnown ? scope.findInText(node.text)[0] : undefined;
  if (known === undefined && (kind === null || kind === 'tokens')) return false;
  const why = known ?? { rule: RULE, kind: kind ?? '' };
  const hits: Hit[] = [];
  const range = { start: 0, end: node.text.length };
  addHit(hits, node.text, range, { rule: why.rule, kind: why.kind, quote: '"' });
  node.hits = hits;
  return true;
}

function markObject(node: ObjectNode, context: Context, scope: TreeScope): boolean {
  const pairKind = context.schema === 'none' ? kindOfPair(node, scope) : null;
  let found = false;
  for (const [index, key] of node.keys.entries()) {
    const value = node.values[index];
    if (value === undefined) continue;
    key.hits = scope.findInText(key.text);
    const isPairValue = pairKind !== null && PAIR_VALUES.has(key.text);
    const inner = isPairValue
      ? { ...context, kind: pairKind, key: key.text }
      : contextOfMember(key.text, value, context, scope);
    if (key.hits.length > 0) found = true;
    if (markNode(value, inner, scope)) found = true;
  }
  return found;
}

const PAIR_NAMES = new Set(['name', 'key', 'header', 'field', 'variable', 'param', 'parameter']);
const PAIR_VALUES = new Set(['value', 'values', 'val']);

/** `{"name": "password", "value": "x"}` in any order (R12). The name of a cut off object may be what is missing. */
function kindOfPair(node: ObjectNode, scope: TreeScope): string | null {
  if (!node.keys.some((key) => PAIR_VALUES.has(key.text))) return null;
  let hasName = false;
  for (const [index, key] of node.keys.entries()) {
    const value = node.values[index];
    if (value?.type !== 'string' || !PAIR_NAMES.has(key.text.toLowerCase())) continue;
    hasName = true;
    const kind = scope.kindOfKey(value.text);
    if (kind !== null) return kind;
  }
  return node.isComplete || hasName ? null : 'unknown';
}

const SCHEMA_KEYS = new Set(['inputSchema', 'outputSchema', 'requestedSchema']);

/** What a property's description may say about a secret property without being the secret. */
const DESCRIBING_KEYS = new Set(
  `type title description format pattern minLength maxLength minimum maximum required readOnly writeOnly deprecated
   anyOf oneOf allOf not items properties additionalProperties $ref $comment nullable minItems maxItems`.split(/\s+/),
);

function contextOfMember(key: string, value: TreeNode, context: Context, scope: TreeScope): Context {
  const isContainer = value.type === 'object' || value.type === 'array';
  if (context.schema === 'secret-property' && context.kind === null) {
    return DESCRIBING_KEYS.has(key) ? { ...context, key } : { kind: 'secret', schema: 'none', key };
  }
  if (context.kind !== null) return { ...context, key };
  const kind = scope.kindOfKey(key);
  if (context.schema === 'schema') {
    if (kind === null) return { kind: null, schema: 'schema', key };
    return value.type === 'object'
      ? { kind: null, schema: 'secret-property', key }
      : { kind: value.type === 'array' && context.key !== 'properties' ? null : kind, schema: 'schema', key };
  }
  if (isContainer && SCHEMA_KEYS.has(key)) return { kind: null, schema: 'schema', key };
  return { kind, schema: 'none', key };
}

function markArray(node: ArrayNode, context: Context, scope: TreeScope): boolean {
  const kinds = context.kind === null && context.schema === 'none' ? kindsOfItems(node, context, scope) : null;
  let found = false;
  for (const [index, item] of node.items.entries()) {
    const kind = kinds?.[index];
    const inner = kind === undefined || kind === null ? context : { ...context, kind };
    if (markNode(item, inner, scope)) found = true;
  }
  return found;
}

/** Lists of names, not a name with its value. */
const LIST_KEYS = new Set(
  `required enum fields columns names keys properties scopes scopes_supported tags include exclude select allow deny
   sensitive redact`.split(/\s+/),
);

/** The kinds of items whose neighbour announces them: header pairs, flat header lists, command lines. */
function kindsOfItems(node: ArrayNode, context: Context, scope: TreeScope): readonly (string | null)[] | null {
  const { items } = node;
  if (items.length < 2 || LIST_KEYS.has(context.key)) return null;
  const isFlatHeaderList = /headers$/i.test(context.key) && items.length % 2 === 0;
  let kinds: (string | null)[] | null = null;
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (item.type !== 'string' || next === undefined) continue;
    const isFlag = item.text.startsWith('-');
    const isName = !isFlag && (isFlatHeaderList ? index % 2 === 0 : items.length === 2 && index === 0);
    const kind = isName ? scope.kindOfKey(item.text) : kindOfFlag(item.text, next, scope);
    if (kind === null) continue;
    kinds ??= items.map(() => null);
    kinds[index + 1] = kind;
  }
  return kinds;
}

/** `--api-key VALUE` in a list of command line arguments. */
function kindOfFlag(text: string, next: TreeNode, scope: TreeScope): string | null {
  if (!/^--?[A-Za-z][\w.-]{1,62}$/.test(text)) return null;
  if (next.type === 'string' && next.text.startsWith('-')) return null;
  return scope.kindOfKey(text);
}
