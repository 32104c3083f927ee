import type { GuardHit } from '../../shared/domain/redaction.ts';
import type { Engine } from '../engine.ts';
import type { Hit } from '../hits.ts';
import { findIslands } from '../islands.ts';
import type { TreeNode } from '../json-tree.ts';
import type { Pipeline } from '../pipeline.ts';

const LONGEST_NAME = 80;

/** Our own hash of a session id (R16), which may leave under its own name only. */
const SESSION_ATTRIBUTE = 'mcp.session.id';
const SESSION_HASH = /^[0-9a-f]{8,16}$/;

/** Reads what is about to leave: JSON documents, OTLP in JSON, lines of them, plain text. What is hidden is no hit. */
export function inspect(text: string, { rereader, screen }: Pipeline): readonly GuardHit[] {
  if (screen.isClearText(text)) return [];
  const engine = rereader();
  const hits = engine.findInText(text);
  if (hits.length === 0) return [];
  const names = namesIn(text);
  const places = placesIn(text);
  return hits.flatMap((hit) => {
    const name = names(hit.start);
    if (isHarmless(hit, name)) return [];
    return [{ rule: hit.rule, kind: hit.kind, ...places(hit.start), near: safeName(name, engine) }];
  });
}

function isHarmless({ kind, secret }: Hit, name: string): boolean {
  if (name === SESSION_ATTRIBUTE) return SESSION_HASH.test(secret);
  // OTLP writes whole numbers as strings: a count of tokens is none.
  return kind === 'tokens' && /^\d{1,15}$/.test(secret);
}

function safeName(name: string, engine: Engine): string {
  const short = name.slice(0, LONGEST_NAME).toWellFormed();
  return engine.findInText(short).length > 0 ? '' : short;
}

/** Answers for rising offsets only. */
function placesIn(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < offset; next = text.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}

/** The name that the value at an offset stands under. */
function namesIn(text: string): (offset: number) => string {
  const islands = findIslands(text);
  return (offset) => {
    const island = islands.find(({ start, end }) => start <= offset && offset < end);
    const name = island?.root === undefined || island.root === null ? '' : nameIn(island.root, offset, '');
    return name === '' ? labelBefore(text, offset) : name;
  };
}

/** What only says that a value follows: the name is another member's value, as in OTLP. */
const VALUE_KEYS = /^(?:value|values|val|arrayValue|kvlistValue|(?:string|int|double|bool|bytes)Value)$/;
const NAME_KEYS = new Set(['key', 'name', 'header']);

function nameIn(node: TreeNode, offset: number, above: string): string {
  if (node.type === 'array') {
    const item = node.items.find(({ start, end }) => start <= offset && offset < end);
    return item === undefined ? above : nameIn(item, offset, above);
  }
  if (node.type !== 'object') return above;
  for (const [index, key] of node.keys.entries()) {
    const value = node.values[index];
    if (value === undefined || offset < value.start || offset >= value.end) continue;
    return nameIn(value, offset, VALUE_KEYS.test(key.text) ? (pairName(node) ?? above) : key.text);
  }
  return above;
}

function pairName(node: TreeNode & { type: 'object' }): string | undefined {
  const index = node.keys.findIndex(({ text }) => NAME_KEYS.has(text));
  const value = node.values[index];
  return value?.type === 'string' ? value.text : undefined;
}

const LABEL = /([A-Za-z0-9_.-]{1,80})["'\]\\]{0,8}\s{0,4}[:=]\s{0,4}["'\\]{0,8}(?:[A-Za-z-]{1,20} )?$/;

function labelBefore(text: string, offset: number): string {
  return LABEL.exec(text.slice(Math.max(0, offset - 120), offset))?.[1] ?? '';
}
