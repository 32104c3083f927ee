import type { AttributeValue, Attributes } from '../shared/domain/span.ts';
import { ELLIPSIS, cut, redactWithin } from './bounds.ts';
import { neutralizeControls } from './controls.ts';
import type { Engine } from './engine.ts';
import { childPath, withoutQuote } from './findings.ts';
import type { FindingList } from './findings.ts';
import { MASK, applyHits } from './hits.ts';
import type { TreeNode } from './json-tree.ts';
import type { RedactionLimits } from './limits.ts';

/** Redacts attributes: a key decides about its value, and is itself read as text. */
export type AttributeRedactor = (attributes: Attributes, path: string, findings: FindingList) => Attributes;

export function createAttributeRedactor(engine: Engine, limits: RedactionLimits): AttributeRedactor {
  const keyRules = rememberKeyRules(engine, limits);

  function redactValue(value: AttributeValue, key: string, path: string, findings: FindingList): AttributeValue {
    const { kind, limit, isQuery } = keyRules(key);
    if (typeof value === 'string' && (kind === null || (HASHED_KEYS.has(key) && HASH.test(value)))) {
      const masked = redactWithin(neutralizeControls(value), limit, (part) => engine.findInText(part, isQuery));
      findings.add(path, masked.marks);
      return masked.text;
    }
    if (typeof value === 'boolean') return value;
    const tree = treeOf(value);
    engine.markTree(tree, { kind, key });
    if (typeof value !== 'object') return valueOf(tree, value, { path, limit, findings });
    const items = tree.type === 'array' ? tree.items : [];
    return sameType(
      value.map((item: string | number | boolean, index) =>
        valueOf(items[index], item, { path: childPath(path, index), limit, findings }),
      ),
    );
  }

  function redactKey(key: string, path: string, findings: FindingList): string {
    const masked = redactWithin(neutralizeControls(key), LONGEST_KEY, (part) => engine.findInText(part));
    findings.add(`${childPath(path, masked.text)}#`, masked.marks);
    return masked.text;
  }

  return (attributes, path, findings) => {
    const redacted: Record<string, AttributeValue> = {};
    for (const [key, value] of Object.entries(attributes)) {
      const name = freeName(redacted, keyRules(key).isPlain ? key : redactKey(key, path, findings));
      redacted[name] = redactValue(value, key, childPath(path, name), findings);
    }
    return redacted;
  };
}

interface Target {
  readonly path: string;
  readonly limit: number;
  readonly findings: FindingList;
}

function valueOf<T extends string | number | boolean>(
  node: TreeNode | undefined,
  value: T,
  { path, limit, findings }: Target,
): T | string {
  if (node?.type === 'number' && node.hits.length > 0) {
    findings.add(path, applyHits(node.text, node.hits.map(withoutQuote)).marks);
    return MASK;
  }
  if (node?.type !== 'string') return value;
  const masked = applyHits(node.text, node.hits);
  const kept = masked.text.length > limit ? cut(masked, limit - ELLIPSIS.length, ELLIPSIS) : masked;
  findings.add(path, kept.marks);
  return kept.text;
}

const LONGEST_KEY = 256;

/** An attribute's array holds one type; where a number was hidden the others become strings, too. */
function sameType(values: readonly (string | number | boolean)[]): AttributeValue {
  if (values.every((value) => typeof value === 'number')) return values;
  if (values.every((value) => typeof value === 'boolean')) return values;
  return values.map(String);
}

/** Two names that differ only in what was hidden stay two. */
function freeName(taken: Readonly<Record<string, unknown>>, name: string): string {
  if (!Object.hasOwn(taken, name)) return name;
  for (let number = 2; ; number += 1) {
    const free = `${name} (${number})`;
    if (!Object.hasOwn(taken, free)) return free;
  }
}

interface KeyRules {
  readonly kind: string | null;
  readonly limit: number;
  readonly isQuery: boolean;
  /** The name itself needs no redaction. */
  readonly isPlain: boolean;
}

/** A session id is recorded as a hash by which it can be followed (R16). Anything longer is an id that was not hashed. */
const HASHED_KEYS = new Set(['mcp.session.id']);
const HASH = /^[0-9a-f]{8,16}$/;

const PLAIN_KEY = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST_REMEMBERED = 2_000;

function rememberKeyRules(engine: Engine, limits: RedactionLimits): (key: string) => KeyRules {
  const remembered = new Map<string, KeyRules>();
  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const rules = {
      kind: engine.kindOfKey(key),
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

function limitOf(key: string, limits: RedactionLimits): number {
  if (key === 'exception.message') return limits.exceptionLength;
  if (key === 'user_agent.original') return limits.userAgent;
  return /^url\.|(?:^|[._-])(?:url|uri|href|target)$/i.test(key) ? limits.url : limits.attributeLength;
}

function treeOf(value: AttributeValue): TreeNode {
  if (typeof value === 'object') {
    const items = value.map((item: string | number | boolean) => treeOf(item));
    return { type: 'array', start: 0, end: 0, items, isComplete: true };
  }
  if (typeof value === 'boolean') return { type: 'literal', start: 0, end: 0 };
  if (typeof value === 'number') return { type: 'number', start: 0, end: 0, text: String(value), hits: [] };
  return { type: 'string', start: 0, end: 0, text: neutralizeControls(value), isVerbatim: true, hits: [] };
}
