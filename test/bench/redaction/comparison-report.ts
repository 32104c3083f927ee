import { NOT_FOUND_GROUP } from '../../redaction/corpus.ts';
import { table } from '../table.ts';
import { PERSONAL_GROUP, type Comparison } from './comparison.ts';

/** The rows of the table, each made of groups of the corpus. */
const ROWS: readonly (readonly [title: string, groups: readonly string[]])[] = [
  ['keys of documents, pairs', ['json-keys', 'pairs', 'tool-schemas', 'map-keys']],
  ['JSON in strings, broken JSON', ['json-in-strings', 'broken-json']],
  ['headers and cookies', ['headers']],
  ['labels in texts', ['labels']],
  ['addresses', ['addresses']],
  ['command lines', ['commands']],
  ['configuration files', ['files']],
  ['tokens and keys by shape', ['shapes']],
  ['MCP messages', ['mcp-messages']],
  ['exceptions and stack traces', ['errors']],
  ['attributes of spans', ['attribute-names']],
];

/** The result as Markdown: what was compared, then how much of what is gone. */
export function comparisonReport(comparison: Comparison): string[] {
  const { tools, harmless } = comparison;
  const main = ROWS.flatMap(([, groups]) => groups);
  const row = (title: string, groups: readonly string[]): string[] => {
    const members = comparison.groups.filter(({ group }) => groups.includes(group));
    const secrets = members.reduce((sum, each) => sum + each.secrets, 0);
    const shares = tools.map((_tool, index) => {
      const gone = members.reduce((sum, each) => sum + (each.gone[index] ?? 0), 0);
      return percentage(gone, secrets);
    });
    return [title, String(secrets), ...shares];
  };
  const changed = harmless.changed.map((count) => `${count} (${percentage(count, harmless.cases)})`);
  return [
    ...table(
      ['', 'tool', 'licence', 'what it is for'],
      tools.map(({ name, licence, purpose }, index) => [letter(index), name, licence, purpose]),
    ),
    '',
    ...table(
      ['secrets that are gone', 'planted', ...tools.map((_tool, index) => letter(index))],
      [
        ...ROWS.map(([title, groups]) => row(title, groups)),
        row('**all of these**', main),
        row('no label and no shape (see below)', [NOT_FOUND_GROUP]),
        row('mail, phone, bank account', [PERSONAL_GROUP]),
        ['**harmless cases changed**', `of ${harmless.cases}`, ...changed],
      ],
    ),
  ];
}

/** Groups that no row shows; none, if the table is about everything that was compared. */
export function groupsLeftOut({ groups }: Comparison): readonly string[] {
  const shown = new Set([...ROWS.flatMap(([, members]) => members), NOT_FOUND_GROUP, PERSONAL_GROUP]);
  return groups.map(({ group }) => group).filter((group) => !shown.has(group));
}

function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function percentage(part: number, whole: number): string {
  // Never more than it is: 99.7 is not all.
  return `${Math.floor((part / whole) * 100)} %`;
}

const BEGIN = '<!-- Made by `npm run ledger:docs` from test/bench/redaction/comparison.json -->';
const END = '<!-- The end of what is made -->';

/** The page with the recorded comparison between its two marks. Throws when one of them is missing. */
export function withComparison(page: string, comparison: Comparison): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`The page lacks "${BEGIN}" or, after it, "${END}".`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${comparisonReport(comparison).join('\n')}\n\n${page.slice(end)}`;
}
