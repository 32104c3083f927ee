import { RULE_ID, SHORTEST_RULE_VALUE, type RedactionPolicy, type UserRule } from '../../shared/domain/redaction.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { BUILT_IN_RULES } from './built-in-rules.ts';

/** Throws a UserError that names the rule that cannot be used. Paths and patterns are checked where they are read. */
export function checkPolicy({ rules, builtIn }: RedactionPolicy): void {
  const ids = new Set<string>();
  for (const rule of rules) {
    checkRule(rule);
    if (ids.has(rule.id))
      throw new UserError(`Two redaction rules are called ${rule.id}; give one of them another id.`);
    ids.add(rule.id);
  }
  for (const [id, choice] of Object.entries(builtIn)) {
    const rule = BUILT_IN_RULES.find((each) => each.id === id);
    if (rule === undefined)
      throw new UserError(
        `There is no built-in redaction rule ${JSON.stringify(id)}; the page Redaction lists them all.`,
      );
    if (choice.enabled === false && !rule.canBeTurnedOff)
      throw new UserError(
        `The redaction rule ${id} cannot be turned off; its explanation says why, and another action can be chosen for it.`,
      );
    if (choice.action !== undefined && rule.onlyAction !== null && choice.action !== rule.onlyAction)
      throw new UserError(
        `The redaction rule ${id} has the action ${rule.onlyAction} and no other; take the action out of its entry.`,
      );
  }
}

function checkRule({ id, match }: UserRule): void {
  if (!RULE_ID.test(id))
    throw new UserError(
      `The redaction rule ${JSON.stringify(id.slice(0, 80))} needs another id; use 1 to 64 letters, digits, dots, dashes and underscores.`,
    );
  if (BUILT_IN_RULES.some((rule) => rule.id === id))
    throw new UserError(`The redaction rule ${id} has the id of a built-in rule; give it another one.`);
  if ((match.type === 'key' || match.type === 'header') && match.name.trim() === '')
    throw new UserError(
      `The redaction rule ${id} has an empty name; write the ${match.type} whose value is to be hidden.`,
    );
  if (match.type === 'key' && !/[\p{L}\p{N}]/u.test(match.name))
    throw new UserError(
      `The redaction rule ${id} has a name without a letter or digit; write the key whose value is to be hidden.`,
    );
  if (match.type === 'value' && match.value.length < SHORTEST_RULE_VALUE)
    throw new UserError(
      `The redaction rule ${id} has a value of fewer than 4 characters, which would be found everywhere; write a longer one.`,
    );
}
