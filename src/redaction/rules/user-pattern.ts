import { RE2JS } from 're2js';
import { UserError } from '../../shared/kernel/user-error.ts';
import { addHit } from '../hits.ts';
import type { Hit } from '../hits.ts';
import { YOURS } from './names.ts';
import type { Gap, TextRule } from './rule.ts';

export interface PatternRule {
  readonly rule: string;
  readonly pattern: string;
}

/** Finding one match is linear, finding all of them need not be: a text in which that takes longer is hidden from there on. */
const MOST_MILLISECONDS = 500;
const MATCHES_BETWEEN_LOOKS_AT_THE_CLOCK = 16;

/** RE2 syntax: no look-around and no back-references, and in return no pattern that never ends. */
export function createPatternRule({ rule, pattern }: PatternRule): TextRule {
  const compiled = compile(rule, pattern);
  const group = compiled.groupCount() > 0 ? 1 : 0;

  function findIn(text: string, { from, to: last }: Gap, hits: Hit[]): void {
    const to = Math.min(last, text.length);
    const deadline = performance.now() + MOST_MILLISECONDS;
    const gap = from === 0 && to === text.length ? text : text.slice(from, to);
    if (gap === '') return;
    const matcher = compiled.matcher(gap);
    for (let count = 1; matcher.find(); count += 1) {
      const [start, end] = [from + matcher.start(group), from + matcher.end(group)];
      if (matcher.start(group) !== -1) addHit(hits, text, { start, end }, { rule, kind: YOURS });
      if (count % MATCHES_BETWEEN_LOOKS_AT_THE_CLOCK === 0 && performance.now() > deadline) {
        addHit(hits, text, { start: from + matcher.end(), end: to }, { rule, kind: YOURS });
        return;
      }
    }
  }

  return (text, { gaps }, hits) => {
    for (const gap of gaps) findIn(text, gap, hits);
  };
}

function compile(rule: string, pattern: string): RE2JS {
  try {
    const compiled = RE2JS.compile(pattern);
    if (!compiled.matcher('').find()) return compiled;
  } catch {
    // Its own sentence speaks of what the parser was doing; ours names the rule.
    throw new UserError(
      `The rule ${rule} has a pattern that is no regular expression in RE2 syntax; look-around and back-references are not part of it.`,
    );
  }
  throw new UserError(
    `The rule ${rule} has a pattern that matches nothing at all, and so would hide nothing; write what must be there.`,
  );
}
