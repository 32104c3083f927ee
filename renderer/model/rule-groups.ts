import type { CountedRule } from '../../src/shared/contract/messages.ts';
import type { RuleGroup } from '../../src/shared/domain/redaction.ts';
import { matchText } from './rule-draft.ts';

export interface RuleSection {
  readonly group: RuleGroup;
  readonly title: string;
  readonly note: string;
  readonly rules: readonly CountedRule[];
}

const GROUPS: readonly Omit<RuleSection, 'rules'>[] = [
  { group: 'yours', title: 'Yours', note: 'Rules that you added.' },
  { group: 'names', title: 'By name', note: 'What stands under a name or label that announces a secret.' },
  { group: 'addresses', title: 'In addresses', note: 'Credentials and secret parameters in URLs of every scheme.' },
  { group: 'shapes', title: 'By shape', note: 'What is known to be a secret by how it looks, whatever it is called.' },
  { group: 'known', title: 'Known values', note: 'Secrets that the gateway was given, found wherever they turn up.' },
  { group: 'personal', title: 'Personal data', note: 'Off until you turn them on.' },
  { group: 'limits', title: 'What cannot be read', note: 'Hidden because no rule could look at it.' },
];

/** The rules in their groups; yours first, which are left in even when there are none. */
export function ruleSections(rules: readonly CountedRule[], term: string): readonly RuleSection[] {
  const words = term
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const isWanted = (rule: CountedRule): boolean => {
    const text = searchText(rule);
    return words.every((word) => text.includes(word));
  };
  return GROUPS.map((group) => ({
    ...group,
    rules: rules.filter((rule) => rule.group === group.group && isWanted(rule)),
  })).filter((section) => section.rules.length > 0 || (section.group === 'yours' && words.length === 0));
}

function searchText(rule: CountedRule): string {
  const looksFor = rule.match === null || rule.match.type === 'value' ? '' : matchText(rule.match);
  return `${rule.id} ${rule.title} ${rule.explanation} ${looksFor}`.toLowerCase();
}

export interface RuleCounts {
  readonly on: number;
  readonly all: number;
  readonly hits: number;
}

export function countRules(rules: readonly CountedRule[]): RuleCounts {
  return {
    on: rules.filter((rule) => rule.isOn).length,
    all: rules.length,
    hits: rules.reduce((sum, rule) => sum + rule.hits, 0),
  };
}
