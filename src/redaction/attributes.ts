import type { AttributeValue, Attributes } from '../shared/domain/span.ts';
import { ELLIPSIS, cut, redactWithin } from './bounds.ts';
import { neutralizeControls } from './controls.ts';
import type { Engine } from './engine.ts';
import { childPath, withoutQuote } from './findings.ts';
import type { FindingList } from './findings.ts';
import { applyHits, joinHits } from './hits.ts';
import type { TreeNode } from './json-tree.ts';
import { toJsonText } from './json-text.ts';
import type { RedactionLimits } from './limits.ts';
import type { Announced } from './rules/names.ts';
import type { Screen } from './screen/screen.ts';

/** Redacts attributes: a key decides about its value, and is itself read as text. */
export type AttributeRedactor = (attributes: Attributes, path: string, findings: FindingList) => Attributes;

export function createAttributeRedactor(engine: Engine, screen: Screen, limits: RedactionLimits): AttributeRedactor {
  const keyRules = rememberKeyRules(engine, limits);

  /** True when there is nothing to hide, to cut or to make visible. */
  function isSafe(key: string, value: AttributeValue): boolean {
    const { announced, limit, isPlain, isQuery } = keyRules(key);
    if (!isPlain || key === '__proto__' || typeof value === 'object') return false;
    if (typeof value === 'boolean') return true;
    if (announced !== null && !(typeof value === 'string' && isHash(key, value))) return false;
    if (typeof value === 'number') return screen.isClearText(String(value));
    return !isQuery && value.length <= limit && screen.isClearText(value);
  }

  function redactValue(value: AttributeValue, key: string, path: PathMaker, findings: FindingList): AttributeValue {
    const { announced, limit, isQuery } = keyRules(key);
    if (typeof value === 'string' && (announced === null || isHash(key, value))) {
      const masked = redactWithin(neutralizeControls(value), limit, (part) =>
        joinHits(engine.findInText(part, isQuery), findings.standing?.(path())),
      );
      if (masked.marks.length > 0) findings.add(path(), masked.marks);
      return masked.text;
    }
    if (typeof value === 'boolean') return value;
    const tree = treeOf(value);
    engine.markTree(tree, { announced, key });
    if (!isList(value)) return valueOf(tree, value, { path, limit, findings });
    const items = tree.type === 'array' ? tree.items : [];
    return sameType(
      value.map((item, index) =>
        valueOf(items[index], item, { path: () => childPath(path(), index), limit, findings }),
      ),
    );
  }

  /** `isTaken`: two names that differ only in what was hidden must stay two. */
  function redactKey(key: string, path: string, findings: FindingList, isTaken: (name: string) => boolean): string {
    if (keyRules(key).isPlain) return key;
    const oldPath = childPath(path, key);
    const masked = redactWithin(neutralizeControls(key), LONGEST_KEY, (part) =>
      joinHits(engine.findInText(part), findings.standing?.(`${oldPath}#`)),
    );
    if (masked.text === key) return key;
    const name = freeName(masked.text, isTaken);
    findings.renamed?.(oldPath, childPath(path, name));
    findings.add(`${childPath(path, name)}#`, masked.marks);
    return name;
  }

  function areSafe(attributes: Attributes): boolean {
    for (const key in attributes) {
      const value = attributes[key];
      if (value === undefined || !isSafe(key, value)) return false;
    }
    return true;
  }

  return (attributes, path, findings) => {
    if (areSafe(attributes)) return attributes;
    const redacted: Record<string, AttributeValue> = {};
    const isTaken = (name: string): boolean => Object.hasOwn(attributes, name) || Object.hasOwn(redacted, name);
    for (const [key, value] of Object.entries(attributes)) {
      const name = redactKey(key, path, findings, isTaken);
      const safe = redactValue(value, key, () => childPath(path, name), findings);
      // Assigning to `__proto__` would set the prototype and lose the attribute.
      if (name === '__proto__') Object.defineProperty(redacted, name, { value: safe, enumerable: true });
      else redacted[name] = safe;
    }
    return redacted;
  };
}

/** Paths are needed only where something was hidden. */
type PathMaker = () => string;

interface Target {
  readonly path: PathMaker;
  readonly limit: number;
  readonly findings: FindingList;
}

function valueOf<T extends string | number | boolean>(
  node: TreeNode | undefined,
  value: T,
  { path, limit, findings }: Target,
): T | string {
  if (node?.type === 'number' && node.hits.length > 0) {
    const masked = applyHits(node.text, node.hits.map(withoutQuote));
    findings.add(path(), masked.marks);
    return masked.text;
  }
  if (node?.type !== 'string') return value;
  const masked = applyHits(node.text, joinHits(node.hits, findings.standing?.(path())));
  const kept = masked.text.length > limit ? cut(masked, limit - ELLIPSIS.length, ELLIPSIS) : masked;
  if (kept.marks.length > 0) findings.add(path(), kept.marks);
  return kept.text;
}

const LONGEST_KEY = 256;

/** An attribute's array holds one type; where a number was hidden the others become strings, too. */
function sameType(values: readonly (string | number | boolean)[]): AttributeValue {
  if (values.every((value) => typeof value === 'number')) return values;
  if (values.every((value) => typeof value === 'boolean')) return values;
  return values.map(String);
}

function isList(value: AttributeValue): value is readonly (string | number | boolean)[] & AttributeValue {
  return Array.isArray(value);
}

function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name} (${number})`;
  return free;
}

interface KeyRules {
  readonly announced: Announced | null;
  readonly limit: number;
  readonly isQuery: boolean;
  /** The name itself needs no redaction. */
  readonly isPlain: boolean;
}

/** A session id is recorded as a hash by which it can be followed (R16). Anything longer is an id that was not hashed. */
const HASHED_KEYS = new Set(['mcp.session.id']);
const HASH = /^[0-9a-f]{8,16}$/;

function isHash(key: string, value: string): boolean {
  return HASHED_KEYS.has(key) && HASH.test(value);
}

const PLAIN_KEY = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST_REMEMBERED = 2_000;

function rememberKeyRules(engine: Engine, limits: RedactionLimits): (key: string) => KeyRules {
  const remembered = new Map<string, KeyRules>();
  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const rules = {
      announced: announcedBy(key, engine),
      limit: limitOf(key, limits),
      isQuery: /(?:^|[._-])query(?:[._-]?string)?$/i.test(key),
      isPlain: PLAIN_KEY.test(key) && engine.findInText(key).length === 0,
    };
    if (!rules.isPlain) return rules;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, rules);
    return rules;
  };
}

const HEADER_ATTRIBUTE = /(?:^|[._-])headers?[._]([^.]+)$/i;

/** `http.request.header.x-customer` is the header `x-customer`. */
function announcedBy(key: string, { names }: Engine): Announced | null {
  const header = HEADER_ATTRIBUTE.exec(key)?.[1];
  return names.key(key) ?? (header === undefined ? null : names.header(header));
}

function limitOf(key: string, limits: RedactionLimits): number {
  if (key === 'exception.message') return limits.exceptionLength;
  if (key === 'user_agent.original') return limits.userAgent;
  return /^url\.|(?:^|[._-])(?:url|uri|href|target)$/i.test(key) ? limits.url : limits.attributeLength;
}

/** Takes what the types forbid as well: recorders in other languages send what they like. */
function treeOf(value: unknown): TreeNode {
  if (Array.isArray(value)) return { type: 'array', start: 0, end: 0, items: value.map(treeOf), isComplete: true };
  if (typeof value === 'boolean') return { type: 'literal', start: 0, end: 0 };
  if (typeof value === 'number') return { type: 'number', start: 0, end: 0, text: String(value), hits: [] };
  const text = typeof value === 'string' ? neutralizeControls(value) : toJsonText(value);
  return { type: 'string', start: 0, end: 0, text, isVerbatim: true, hits: [] };
}
