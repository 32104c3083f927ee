import type { z } from 'zod';
import { REDACTION_ACTIONS } from '../../src/shared/domain/redaction.ts';
import type { Hint, RedactionAction, RedactionPolicy, RuleMatch, UserRule } from '../../src/shared/domain/redaction.ts';
import { userRuleSchema } from '../../src/shared/contract/schemas.ts';
import type { redactionPolicySchema } from '../../src/shared/contract/schemas.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';

export type MatchType = RuleMatch['type'];

/** A rule as it stands in the form: one text, whatever it is for. */
export interface RuleDraft {
  readonly id: string;
  readonly type: MatchType;
  readonly text: string;
  readonly action: RedactionAction;
}

export type RuleErrors = Partial<Record<'id' | 'text', string>>;

export const EMPTY_RULE: RuleDraft = { id: '', type: 'key', text: '', action: 'mask' };

export interface MatchWords {
  readonly label: string;
  /** What the text is called. */
  readonly field: string;
  readonly placeholder: string;
  readonly hint: string;
}

export const MATCH_WORDS: Readonly<Record<MatchType, MatchWords>> = {
  key: {
    label: 'Name',
    field: 'Name of the value',
    placeholder: 'iban',
    hint: 'The value under a key, attribute or label that holds these words: iban also finds customer_iban and ibanNumber.',
  },
  path: {
    label: 'JSON path',
    field: 'JSON path',
    placeholder: '$.params.arguments.*.iban',
    hint: 'Names with dots between them. * stands for one name of any kind, ** for any number of them.',
  },
  header: {
    label: 'Header',
    field: 'Name of the header',
    placeholder: 'x-customer-key',
    hint: 'The value of this HTTP header, wherever headers are written. Upper and lower case are the same.',
  },
  value: {
    label: 'Exact text',
    field: 'Text to hide',
    placeholder: 'At least 4 characters',
    hint: 'This text wherever it stands, and its URL and base64 encodings. It is kept with the rules and never shown again.',
  },
  pattern: {
    label: 'Expression',
    field: 'Regular expression',
    placeholder: 'CUST-[0-9]{8}',
    hint: 'RE2 syntax, matched in linear time. With a group, only what the first group matches is hidden.',
  },
};

export const ACTION_WORDS: Readonly<Record<RedactionAction, { readonly label: string; readonly hint: string }>> = {
  mask: { label: 'Mask', hint: 'Leaves •••' },
  partial: { label: 'Last four', hint: 'Leaves ••• and the last four characters, of values of at least twelve' },
  hash: { label: 'Hash', hint: 'Leaves •••# and eight digits by which the same secret is known again in this run' },
  drop: { label: 'Drop', hint: 'Leaves nothing' },
};

/** For a field in which an action is chosen. */
export const ACTION_OPTIONS = REDACTION_ACTIONS.map((value) => ({ value, label: ACTION_WORDS[value].label }));

export function draftOf(rule: UserRule): RuleDraft {
  return { id: rule.id, type: rule.match.type, text: matchText(rule.match), action: rule.action };
}

/** What a rule looks for, as its form shows it. */
export function matchText(match: RuleMatch): string {
  switch (match.type) {
    case 'key':
    case 'header':
      return match.name;
    case 'path':
      return match.path;
    case 'value':
      return match.value;
    case 'pattern':
      return match.pattern;
  }
}

function matchOf({ type, text }: RuleDraft): RuleMatch {
  // A space may be part of a text or an expression, and is never part of a name.
  switch (type) {
    case 'key':
    case 'header':
      return { type, name: text.trim() };
    case 'path':
      return { type, path: text.trim() };
    case 'value':
      return { type, value: text };
    case 'pattern':
      return { type, pattern: text };
  }
}

/** Reads the form. What only the host can tell, such as whether an expression can be read, it says when the rule is saved. */
export function readRuleDraft(draft: RuleDraft, takenIds: readonly string[]): Result<UserRule, RuleErrors> {
  const id = draft.id.trim();
  const errors: RuleErrors = {};
  if (id === '') errors.id = 'Give the rule an id. It stands beside everything that the rule hides.';
  else if (takenIds.includes(id)) errors.id = 'Another rule has this id.';
  if (draft.text.trim() === '') errors.text = 'Say what to hide.';
  if (errors.id !== undefined || errors.text !== undefined) return err(errors);
  const rule: UserRule = { id, match: matchOf(draft), action: draft.action };
  const checked = userRuleSchema.safeParse(rule);
  if (checked.success) return ok(rule);
  for (const issue of checked.error.issues) errors[issue.path[0] === 'id' ? 'id' : 'text'] ??= issue.message;
  return err(errors);
}

/** Adds a rule, or puts it in the place of the one that had `replacing`'s id. */
export function withRule(policy: RedactionPolicy, rule: UserRule, replacing: string | null): RedactionPolicy {
  const isKnown = replacing !== null && policy.rules.some((each) => each.id === replacing);
  const rules = isKnown ? policy.rules.map((each) => (each.id === replacing ? rule : each)) : [...policy.rules, rule];
  return { ...policy, rules };
}

export function withoutRule(policy: RedactionPolicy, id: string): RedactionPolicy {
  return { ...policy, rules: policy.rules.filter((each) => each.id !== id) };
}

export function withBuiltIn(
  policy: RedactionPolicy,
  id: string,
  choice: { readonly enabled?: boolean; readonly action?: RedactionAction },
): RedactionPolicy {
  return { ...policy, builtIn: { ...policy.builtIn, [id]: { ...policy.builtIn[id], ...choice } } };
}

/** An id that no rule has, as near to the suggested one as can be. */
export function freeId(suggested: string, takenIds: readonly string[]): string {
  if (!takenIds.includes(suggested)) return suggested;
  let number = 2;
  while (takenIds.includes(`${suggested}-${String(number)}`)) number += 1;
  return `${suggested}-${String(number)}`;
}

/** A policy as the contract takes it: its types are those of before defaults are filled in. */
export function sentPolicy(policy: RedactionPolicy): z.input<typeof redactionPolicySchema> {
  return { rules: [...policy.rules], builtIn: { ...policy.builtIn } };
}

/** The rule that would hide what was likely missed. */
export function draftForHint({ suggestion }: Hint, takenIds: readonly string[]): RuleDraft {
  return { ...draftOf(suggestion), id: freeId(suggestion.id, takenIds) };
}

/** A rule for a value that somebody wondered about: by its name where it has one, which says more than the value. */
export function draftForQuestion(
  { key, value }: { readonly key: string; readonly value: string },
  takenIds: readonly string[],
): RuleDraft {
  if (key === '') return { ...EMPTY_RULE, type: 'value', text: value, id: freeId('exact-text', takenIds) };
  const id = key.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 60);
  return { ...EMPTY_RULE, type: 'key', text: key, id: freeId(id, takenIds) };
}
