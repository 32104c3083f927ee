import type { RuleGroup, RuleView } from '../../src/shared/domain/redaction.ts';
import { table } from '../bench/table.ts';

const BEGIN = '<!-- The rules: made by `npm run ledger:docs` from the rules themselves -->';
const END = '<!-- The end of the rules -->';

const GROUPS: Readonly<Record<Exclude<RuleGroup, 'yours'>, string>> = {
  names: 'by name',
  addresses: 'in addresses',
  known: 'known values',
  shapes: 'by shape',
  personal: 'personal data',
  limits: 'limits',
};

/** docs/redaction.md with the built-in rules as they are. Throws when a mark is missing. */
export function withRules(page: string, rules: readonly RuleView[]): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`The page lacks "${BEGIN}" or, after it, "${END}".`);
  const rows = Object.entries(GROUPS).flatMap(([group, title]) =>
    rules
      .filter((rule) => rule.group === group)
      .map(({ id, explanation, isOn }) => [title, `\`${id}\``, isOn ? 'on' : 'off', explanation]),
  );
  return `${page.slice(0, begin)}${BEGIN}\n\n${table(['', 'rule', 'at first', ''], rows).join('\n')}\n\n${page.slice(end)}`;
}
