import type { Finding } from '../shared/domain/redacted.ts';
import { isStricterAction } from '../shared/domain/redaction.ts';
import { createFindingList } from './findings.ts';
import type { FindingList } from './findings.ts';
import { MASK, actionOfWidth } from './forms.ts';
import type { Hit, Mark } from './hits.ts';
import type { RuleBook } from './policy/rule-book.ts';

/** The rule of a hit that is no new one: it makes what stands there stricter. */
const STANDING = '';

/** Findings of a second redaction: those of the first one, moved to where their masks are now, and the new ones. */
export interface StandingList extends FindingList {
  readonly hasChanged: boolean;
  standing(path: string): readonly Hit[];
  renamed(from: string, to: string): void;
}

export interface StandingOptions {
  readonly book: RuleBook;
  readonly hashOf: (secret: string) => string;
  readonly witness: (hit: Hit) => void;
}

export function createStandingList(old: readonly Finding[], options: StandingOptions): StandingList {
  const added = createFindingList(options.hashOf, options.witness);
  const stricter = hitsByPath(old, options.book);
  const marksOf = new Map<string, readonly Mark[]>();
  const renames: { readonly from: string; readonly to: string }[] = [];
  let hasChanged = false;

  function moved(finding: Finding): Finding {
    let { path } = finding;
    for (const { from, to } of renames) if (isBelow(path, from)) path = to + path.slice(from.length);
    const marks = marksOf.get(path) ?? [];
    return { ...finding, path, ...placeAfter(finding, marks) };
  }

  return {
    get findings() {
      return hasChanged ? [...old.map(moved), ...added.findings] : old;
    },
    get hasChanged() {
      return hasChanged;
    },
    standing: (path) => stricter.get(path) ?? [],
    renamed(from, to) {
      renames.push({ from, to });
    },
    add(path, marks) {
      if (marks.length === 0) return;
      hasChanged = true;
      marksOf.set(path, marks);
      added.add(
        path,
        marks.filter(({ hit }) => hit.rule !== STANDING),
      );
    },
  };
}

function isBelow(path: string, above: string): boolean {
  if (!path.startsWith(above)) return false;
  const next = path[above.length];
  return next === undefined || next === '/' || next === '#';
}

/** What stands in a looser form than its rule has now. What cannot become stricter is left as it is. */
function hitsByPath(old: readonly Finding[], book: RuleBook): ReadonlyMap<string, readonly Hit[]> {
  const hits = new Map<string, Hit[]>();
  for (const { path, start, end, rule, kind, hash } of old) {
    const now = book.actionOf(rule, kind);
    const before = actionOfWidth(end - start);
    if (now === null || before === null || !isStricterAction(now, before)) continue;
    const replacement = now === 'drop' ? '' : now === 'mask' ? MASK : `${MASK}#${hash.slice(0, 8)}`;
    const hit: Hit = { start, end, rule: STANDING, kind, secret: '', quote: '', replacement };
    const known = hits.get(path);
    if (known === undefined) hits.set(path, [hit]);
    else known.push(hit);
  }
  return hits;
}

/** Where a range of the text is after the marks were put into it. What a mark covers is that mark. */
function placeAfter({ start, end }: Finding, marks: readonly Mark[]): { start: number; end: number } {
  let shift = 0;
  for (const mark of marks) {
    const { hit } = mark;
    if (hit.start >= end && hit.start > start) break;
    if (hit.end > start || (hit.end === end && hit.start <= start)) return { start: mark.start, end: mark.end };
    const quote = hit.replacement === '' ? 0 : hit.quote.length;
    shift = mark.end + quote - hit.end;
  }
  return { start: start + shift, end: end + shift };
}
