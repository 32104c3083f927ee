import { KEPT_VALUE, type RedactionPolicy, type RuleMatch, type UserRule } from '../../shared/domain/redaction.ts';
import { UserError } from '../../shared/kernel/user-error.ts';

/** As a page may see it (R25): the texts that rules hide are secrets themselves. */
export function matchForPage(match: RuleMatch): RuleMatch {
  return match.type === 'value' ? { type: 'value', value: KEPT_VALUE } : match;
}

export function policyForPage(policy: RedactionPolicy): RedactionPolicy {
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, match: matchForPage(rule.match) })) };
}

/** What a page sends back, with the texts that it never saw. Throws a UserError when there is none for a rule. */
export function withKeptValues(policy: RedactionPolicy, current: RedactionPolicy): RedactionPolicy {
  const kept = new Map(current.rules.map(({ id, match }) => [id, match]));
  const rules = policy.rules.map((rule): UserRule => {
    if (rule.match.type !== 'value' || rule.match.value !== KEPT_VALUE) return rule;
    const match = kept.get(rule.id);
    if (match?.type !== 'value') throw new UserError(`Write the text that rule "${rule.id}" hides.`);
    return { ...rule, match };
  });
  return { ...policy, rules };
}
