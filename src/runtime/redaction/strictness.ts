import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isStricterAction, type RuleMatch, type RuleView } from '../../shared/domain/redaction.ts';

/** Whether something is hidden under `after` that was not, or not so far, under `before`. */
export function isStricter(before: readonly RuleView[], after: readonly RuleView[]): boolean {
  const former = new Map(before.map((rule) => [rule.id, rule]));
  return after.some((rule) => {
    if (!rule.isOn) return false;
    const then = former.get(rule.id);
    if (then === undefined || !then.isOn || !isDeepStrictEqual(then.match, rule.match)) return true;
    return isStricterAction(rule.action, then.action);
  });
}

/**
 * Says of two runs whether their rules are the same. Nothing can be learned from it about the text of a rule for an exact
 * text but its length, so one that was exchanged for another of the same length between two runs goes unnoticed.
 */
export function fingerprintOf(rules: readonly RuleView[]): string {
  const parts = rules.filter(({ isOn }) => isOn).map(({ id, action, match }) => [id, action, withoutSecret(match)]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function withoutSecret(match: RuleMatch | null): unknown {
  return match?.type === 'value' ? { type: 'value', length: match.value.length } : match;
}
