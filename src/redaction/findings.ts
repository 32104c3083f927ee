import type { Finding, LengthBucket } from '../shared/domain/redacted.ts';
import { applyHits } from './hits.ts';
import type { Hit, Mark } from './hits.ts';
import type { TreeNode } from './json-tree.ts';

/** Most findings of one span or payload. What is found beyond is hidden all the same, and no longer listed. */
export const MOST_FINDINGS = 1_000;

/** Collects what was hidden in one span, payload or value. */
export interface FindingList {
  readonly findings: readonly Finding[];
  add(path: string, marks: readonly Mark[]): void;
  /** In a second redaction: what must become stricter in the text at this path. */
  readonly standing?: (path: string) => readonly Hit[];
  /** In a second redaction: a name in paths is another one from now on. */
  readonly renamed?: (from: string, to: string) => void;
}

/** `witness` sees every hit, also those that are no longer listed. */
export function createFindingList(hashOf: (secret: string) => string, witness: (hit: Hit) => void): FindingList {
  const findings: Finding[] = [];
  return {
    findings,
    add(path, marks) {
      for (const { start, end, hit } of marks) {
        witness(hit);
        if (findings.length >= MOST_FINDINGS) continue;
        const hash = hashOf(hit.secret);
        findings.push({ path, start, end, rule: hit.rule, kind: hit.kind, length: lengthBucket(hit.secret), hash });
      }
    },
  };
}

function lengthBucket(secret: string): LengthBucket {
  const { length } = secret;
  if (length <= 8) return '1-8';
  if (length <= 16) return '9-16';
  if (length <= 32) return '17-32';
  if (length <= 64) return '33-64';
  return length <= 256 ? '65-256' : '257+';
}

const LONGEST_SEGMENT = 128;

/** RFC 6901, with long names cut. A path that ends in `#` is about the name, not the value; a name's own `#` is `~2`. */
export function childPath(path: string, segment: string | number): string {
  const text = typeof segment === 'number' ? String(segment) : segment.slice(0, LONGEST_SEGMENT).toWellFormed();
  return `${path}/${text.replaceAll('~', '~0').replaceAll('/', '~1').replace(/#$/, '~2')}`;
}

/** A hidden number is a string that is all mask: its quotes belong to the document. */
export function withoutQuote(hit: Hit): Hit {
  return { ...hit, quote: '' };
}

/** Adds what was marked in a tree. Names in paths are the redacted ones. */
export function addTreeFindings(node: TreeNode, path: string, list: FindingList): void {
  if (node.type === 'object') {
    for (const [index, key] of node.keys.entries()) {
      const masked = applyHits(key.text, key.hits);
      const memberPath = childPath(path, masked.text);
      if (masked.marks.length > 0) {
        list.renamed?.(childPath(path, key.text), memberPath);
        list.add(`${memberPath}#`, masked.marks);
      }
      const value = node.values[index];
      if (value !== undefined) addTreeFindings(value, memberPath, list);
    }
  } else if (node.type === 'array') {
    for (const [index, item] of node.items.entries()) addTreeFindings(item, childPath(path, index), list);
  } else if (node.type === 'string') {
    if (node.hits.length > 0) list.add(path, applyHits(node.text, node.hits).marks);
  } else if (node.type === 'number' && node.hits.length > 0) {
    list.add(path, applyHits(node.text, node.hits.map(withoutQuote)).marks);
  }
}
