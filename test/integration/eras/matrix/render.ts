import { FEATURES, outcomeOf, ROWS, type Feature } from './cells.ts';
import type { Combination, Era } from './combinations.ts';

const BEGIN = '<!-- Made by `npm run ledger:docs` from test/integration/eras/matrix/cells.ts -->';
const END = '<!-- The end of what is made -->';

const COLUMNS: readonly Pick<Combination, 'client' | 'server'>[] = [
  { client: 'legacy', server: 'legacy' },
  { client: 'modern', server: 'legacy' },
  { client: 'legacy', server: 'modern' },
  { client: 'modern', server: 'modern' },
];

function cell(feature: Feature, client: Era, server: Era): string {
  const stdio = outcomeOf(feature, client, server, 'stdio');
  const http = outcomeOf(feature, client, server, 'http');
  return stdio === http ? stdio : `stdio: ${stdio}; HTTP: ${http}`;
}

/** The table as Prettier leaves it. */
function table(): string {
  const head = ['', ...COLUMNS.map(({ client, server }) => `${client} client, ${server} server`)];
  const rows = FEATURES.map((feature) => [
    ROWS[feature].title,
    ...COLUMNS.map(({ client, server }) => cell(feature, client, server)),
  ]);
  const widths = head.map((_name, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The page with the table of today between its two marks. Throws when one of them is missing. */
export function withEraTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`The page lacks "${BEGIN}" or, after it, "${END}".`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${table()}\n\n${page.slice(end)}`;
}
