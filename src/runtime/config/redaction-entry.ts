import { createRedactor } from '../../redaction/redactor.ts';
import type { BuiltInChoice, RedactionPolicy, UserRule } from '../../shared/domain/redaction.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { check, withoutUndefined } from './check.ts';
import type { ConfigText } from './config-text.ts';
import type { ConfiguredRedaction } from './config.ts';
import { matchSchemas, ruleSchema } from './file-schema.ts';
import { followRuleValue, type ReferenceSources } from './references.ts';

type MatchType = keyof typeof matchSchemas;

export interface WrittenRedaction {
  readonly rules: readonly unknown[];
  readonly builtIn: Readonly<
    Record<string, { enabled?: boolean | undefined; action?: UserRule['action'] | undefined }>
  >;
}

/**
 * The `redaction` key. Throws a UserError that names the place of the first mistake, in every config file: running with
 * fewer rules than somebody wrote down would record what they wanted hidden.
 */
export function readRedaction(
  source: ConfigText,
  { rules: entries, builtIn }: WrittenRedaction,
  sources: ReferenceSources,
): ConfiguredRedaction {
  const choices = Object.fromEntries(
    Object.entries(builtIn).map(([id, choice]): [string, BuiltInChoice] => [id, withoutUndefined(choice)]),
  );
  refuseUnknownRules(source, choices);
  const written: UserRule[] = [];
  const resolved: UserRule[] = [];
  for (const [index, entry] of entries.entries()) {
    const rule = readRule(source, index, entry);
    if (written.some(({ id }) => id === rule.id))
      throw complaintAbout(source, index, 'id', `there are two rules "${rule.id}". Give one another id.`);
    written.push(rule);
    resolved.push(inForce(source, index, rule, sources));
  }
  return { written: { rules: written, builtIn: choices }, resolved: { rules: resolved, builtIn: choices } };
}

function readRule(source: ConfigText, index: number, entry: unknown): UserRule {
  const path = ['redaction', 'rules', index];
  const { id, match, action } = check(source, path, ruleSchema, entry);
  const { type } = match;
  if (typeof type !== 'string' || !isMatchType(type))
    throw complaintAbout(source, index, 'match', `write "type": one of ${Object.keys(matchSchemas).join(', ')}.`);
  return { id, match: check(source, [...path, 'match'], matchSchemas[type], match), action };
}

/** The rule as it works. Tried on its own, so that the complaint can say which of them it is. */
function inForce(source: ConfigText, index: number, rule: UserRule, sources: ReferenceSources): UserRule {
  const followed = followRuleValue(rule, sources);
  if (!followed.ok) throw complaintAbout(source, index, 'match', followed.error);
  const problem = problemOf({ rules: [followed.value], builtIn: {} });
  if (problem !== null) throw complaintAbout(source, index, 'match', problem);
  return followed.value;
}

function refuseUnknownRules(source: ConfigText, choices: RedactionPolicy['builtIn']): void {
  for (const [id, choice] of Object.entries(choices)) {
    const problem = problemOf({ rules: [], builtIn: { [id]: choice } });
    if (problem !== null) throw source.complaint(['redaction', 'builtIn', id], problem, 'key');
  }
}

/** Asks the engine itself, with nothing to redact. */
function problemOf(policy: RedactionPolicy): string | null {
  try {
    createRedactor({ hashKey: new Uint8Array(32) }).apply(policy);
    return null;
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}

function complaintAbout(source: ConfigText, index: number, part: 'id' | 'match', problem: string): UserError {
  return source.complaint(['redaction', 'rules', index, part], problem);
}

function isMatchType(type: string): type is MatchType {
  return Object.hasOwn(matchSchemas, type);
}

/** The rules as a config file writes them; undefined when there is nothing to write. */
export function redactionEntryOf({ rules, builtIn }: RedactionPolicy): object | undefined {
  const hasChoices = Object.keys(builtIn).length > 0;
  if (rules.length === 0 && !hasChoices) return undefined;
  return { ...(rules.length > 0 && { rules }), ...(hasChoices && { builtIn }) };
}
