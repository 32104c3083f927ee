import { addHit } from './hits.ts';
import type { Hit } from './hits.ts';
import type { ArrayNode, NumberNode, ObjectNode, StringNode, TreeNode } from './json-tree.ts';
import type { PathState, Paths } from './policy/paths.ts';
import { credentialsStart } from './rules/authorization.ts';
import { YOURS } from './rules/names.ts';
import type { Announced, Names } from './rules/names.ts';

/** What the engine lends to the rules for trees. */
export interface TreeScope {
  readonly names: Names;
  /** Null when the user has no rules for paths. */
  readonly paths: Paths | null;
  /** Numbers of fewer digits are no secrets by what they are. */
  readonly shortestNumber: number;
  /** Whether the value of a pair is hidden when the document breaks off in front of its name. */
  readonly hidesUnnamed: boolean;
  readonly findInText: (text: string) => readonly Hit[];
  /** Says what each hit is replaced by. */
  readonly finish: (hits: Hit[]) => readonly Hit[];
}

/** What the keys above a value say about it. */
interface Context {
  /** What everything here is, or null. */
  readonly announced: Announced | null;
  /** Inside a JSON Schema, where a key names a property and its value describes it. */
  readonly schema: 'none' | 'schema' | 'secret-property';
  /** The nearest key above. */
  readonly key: string;
  readonly path: PathState | null;
}

/** What stands above a tree that is not a document of its own: an attribute's name and what it says. */
export interface Above {
  readonly announced: Announced | null;
  readonly key: string;
}

const NOTHING_ABOVE: Above = { announced: null, key: '' };

const RULE = 'key-name';

/** Marks what must be hidden with `hits` on the strings and numbers of a tree. Answers whether there is any. */
export function markTree(root: TreeNode, scope: TreeScope, above: Above = NOTHING_ABOVE): boolean {
  return markNode(root, { ...above, schema: 'none', path: scope.paths?.start ?? null }, scope);
}

function markNode(node: TreeNode, context: Context, scope: TreeScope): boolean {
  switch (node.type) {
    case 'string':
      return markString(node, context.announced, scope);
    case 'number':
      return markNumber(node, context.announced, scope);
    case 'literal':
      return false;
    case 'object':
      return markObject(node, context, scope);
    case 'array':
      return markArray(node, context, scope);
  }
}

function markString(node: StringNode, announced: Announced | null, scope: TreeScope): boolean {
  if (announced === null) {
    node.hits = scope.findInText(node.text);
    return node.hits.length > 0;
  }
  const hits: Hit[] = [];
  const { kind, rule } = announced;
  const start = kind === 'authorization' ? credentialsStart(node.text) : 0;
  addHit(hits, node.text, { start, end: node.text.length }, { rule: rule ?? RULE, kind });
  node.hits = scope.finish(hits);
  return hits.length > 0;
}

/** A count of tokens is a number; a password may be one. A number that is a secret by value is hidden whole. */
function markNumber(node: NumberNode, announced: Announced | null, scope: TreeScope): boolean {
  const mayBeKnown = announced === null && node.text.length >= scope.shortestNumber;
  const known = mayBeKnown ? scope.findInText(node.text)[0] : undefined;
  if (known === undefined && (announced === null || announced.kind === 'tokens')) return false;
  const { rule, kind } = known ?? { rule: announced?.rule ?? RULE, kind: announced?.kind ?? '' };
  const hits: Hit[] = [];
  addHit(hits, node.text, { start: 0, end: node.text.length }, { rule, kind, quote: '"' });
  node.hits = scope.finish(hits);
  return true;
}

function markObject(node: ObjectNode, context: Context, scope: TreeScope): boolean {
  const pair = context.schema === 'none' ? pairSays(node, scope) : null;
  let found = false;
  for (const [index, key] of node.keys.entries()) {
    const value = node.values[index];
    if (value === undefined) continue;
    key.hits = scope.findInText(key.text);
    const member = contextOfMember(key.text, value, context, scope);
    const inner = pair !== null && isPairValue(key.text) ? { ...member, announced: pair } : member;
    if (key.hits.length > 0) found = true;
    if (markNode(value, inner, scope)) found = true;
  }
  return found;
}

const PAIR_NAMES = new Set(['name', 'key', 'header', 'field', 'variable', 'param', 'parameter']);
const PAIR_VALUES = new Set(['value', 'values', 'val']);

/** `{"name": "password", "value": "x"}` in any order (R12). The name of a cut off object may be what is missing. */
function pairSays(node: ObjectNode, scope: TreeScope): Announced | null {
  if (!hasPairValue(node)) return null;
  let hasName = false;
  for (const [index, key] of node.keys.entries()) {
    const value = node.values[index];
    if (value?.type !== 'string' || !isPairName(key.text)) continue;
    hasName = true;
    const announced = scope.names.header(value.text);
    if (announced !== null) return announced;
  }
  return node.isComplete || hasName || !scope.hidesUnnamed ? null : UNNAMED;
}

function hasPairValue({ keys }: ObjectNode): boolean {
  for (const key of keys) if (isPairValue(key.text)) return true;
  return false;
}

/** `value`, and `OutputValue` beside `OutputKey`. */
function isPairValue(key: string): boolean {
  if (!/(?:val|values?)$/i.test(key)) return false;
  return PAIR_VALUES.has(key.toLowerCase()) || /[a-z](?:Value|_value)$/.test(key);
}

function isPairName(key: string): boolean {
  return PAIR_NAMES.has(key.toLowerCase()) || /[a-z](?:Key|Name|_key|_name)$/.test(key);
}

const UNNAMED: Announced = { kind: 'unknown', rule: null };

const SCHEMA_KEYS = new Set([
  'inputSchema',
  'outputSchema',
  'requestedSchema',
  'securitySchemes',
  'securityDefinitions',
]);

/** What a property's description may say about a secret property without being the secret. */
const DESCRIBING_KEYS = new Set(
  `type title description format pattern minLength maxLength minimum maximum required readOnly writeOnly deprecated
   anyOf oneOf allOf not items properties additionalProperties $ref $comment nullable minItems maxItems
   scheme bearerFormat in name flows openIdConnectUrl`.split(/\s+/),
);

const HEADERS = /headers?$/i;

function contextOfMember(key: string, value: TreeNode, context: Context, scope: TreeScope): Context {
  const path = stepInto(key, context, scope);
  if (context.announced !== null) return { ...context, key, path };
  const byPath = ruleOfPath(path, scope);
  if (byPath !== null) return { announced: byPath, schema: 'none', key, path };
  if (context.schema === 'secret-property') {
    return DESCRIBING_KEYS.has(key)
      ? { ...context, key, path }
      : { announced: DEFAULT_VALUE, schema: 'none', key, path };
  }
  if (key === 'auth' && value.type === 'string' && isBasicAuth(value.text))
    return { announced: BASIC_AUTH, schema: 'none', key, path };
  const announced = scope.names.key(key) ?? (HEADERS.test(context.key) ? scope.names.header(key) : null);
  if (announced !== null && DEPENDENCIES.test(context.key) && value.type === 'string' && VERSION.test(value.text))
    return { announced: null, schema: 'none', key, path };
  if (context.schema === 'schema') return contextInSchema(key, value, { ...context, announced, path });
  const isContainer = value.type === 'object' || value.type === 'array';
  if (isContainer && SCHEMA_KEYS.has(key)) return { announced: null, schema: 'schema', key, path };
  return { announced, schema: 'none', key, path };
}

/** User and password of a registry, as Docker and npm write them. */
function isBasicAuth(value: string): boolean {
  return (
    /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) &&
    /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'))
  );
}

const BASIC_AUTH: Announced = { kind: 'authorization', rule: null };

/** Packages have names such as `cookie`, too. */
const DEPENDENCIES = /dependencies$/i;
const VERSION = /^[\^~]?v?\d+(?:\.\d+){0,3}[\w.+-]{0,20}$/;

const DEFAULT_VALUE: Announced = { kind: 'secret', rule: null };

function contextInSchema(key: string, value: TreeNode, above: Context): Context {
  const { announced, path } = above;
  if (announced === null) return { ...above, key };
  if (value.type === 'object') return { announced: null, schema: 'secret-property', key, path };
  const isListOfNames = value.type === 'array' && above.key !== 'properties';
  return { announced: isListOfNames ? null : announced, schema: 'schema', key, path };
}

function stepInto(segment: string, { path }: Context, { paths }: TreeScope): PathState | null {
  return paths === null || path === null ? null : paths.step(path, segment);
}

function ruleOfPath(path: PathState | null, { paths }: TreeScope): Announced | null {
  const rule = paths === null || path === null ? null : paths.ruleAt(path);
  return rule === null ? null : { kind: YOURS, rule };
}

function markArray(node: ArrayNode, context: Context, scope: TreeScope): boolean {
  const said = context.announced === null && context.schema === 'none' ? itemsSay(node, context, scope) : null;
  const isPlain = said === null && context.path === null;
  let found = false;
  let index = 0;
  for (const item of node.items) {
    const inner = isPlain ? context : contextOfItem(index, said?.[index] ?? null, context, scope);
    if (markNode(item, inner, scope)) found = true;
    index += 1;
  }
  return found;
}

function contextOfItem(index: number, said: Announced | null, context: Context, scope: TreeScope): Context {
  const path = stepInto(String(index), context, scope);
  const announced = context.announced ?? ruleOfPath(path, scope) ?? said;
  return announced === context.announced && path === context.path ? context : { ...context, announced, path };
}

/** Lists of names, not a name with its value. */
const LIST_KEYS = new Set(
  `required enum fields columns names keys properties scopes scopes_supported tags include exclude select allow deny
   sensitive redact`.split(/\s+/),
);

/** Of items whose neighbour announces them: header pairs, flat header lists, command lines. */
function itemsSay(node: ArrayNode, context: Context, scope: TreeScope): readonly (Announced | null)[] | null {
  const { items } = node;
  if (items.length < 2 || LIST_KEYS.has(context.key) || context.key.endsWith('_supported')) return null;
  const isFlatHeaderList = HEADERS.test(context.key) && items.length % 2 === 0;
  let said: (Announced | null)[] | null = null;
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (item.type !== 'string' || next === undefined) continue;
    const isFlag = item.text.startsWith('-');
    const isName =
      !isFlag && (isFlatHeaderList ? index % 2 === 0 : items.length === 2 && index === 0 && !NO_NAME.test(item.text));
    const announced = isName ? scope.names.header(item.text) : flagSays(item.text, next, scope);
    if (announced === null) continue;
    said ??= items.map(() => null);
    said[index + 1] = announced;
  }
  return said;
}

/** `["Reset your password", "Sign out"]` are two buttons: no name has three words, or JSON in it. */
const NO_NAME = /\S\s+\S+\s+\S|["[\]{}\\]/;

/** `--api-key VALUE` in a list of command line arguments. */
function flagSays(text: string, next: TreeNode, scope: TreeScope): Announced | null {
  if (!/^--?[A-Za-z][\w.-]{1,62}$/.test(text)) return null;
  if (next.type === 'string' && next.text.startsWith('-')) return null;
  return scope.names.key(text);
}
