import type { Area, Requirement } from './row.ts';

const STATES = ['proven', 'partly', 'planned', 'not applicable'] as const;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function link(path: string): string {
  return `[${path}](../${path})`;
}

/** What stands for the row, or why nothing does. */
function evidence(row: Requirement): string {
  switch (row.state) {
    case 'proven':
      return `${link(row.test)}, guards ${link(row.guard.file)}`;
    case 'partly':
      return `${link(row.test)}, guards ${link(row.guard.file)}. Missing: ${cell(row.missing)}`;
    case 'planned':
      return '';
    case 'not applicable':
      return cell(row.why);
  }
}

function table(area: Area): string {
  const rows = area.rows.map((row) => `| ${row.id} | ${row.state} | ${cell(row.text)} | ${evidence(row)} |`);
  return [`## ${area.title}`, '', '| id | state | what | evidence |', '| - | - | - | - |', ...rows].join('\n');
}

function totals(rows: readonly Requirement[]): string {
  return STATES.map((state) => `${String(rows.filter((row) => row.state === state).length)} ${state}`).join(', ');
}

/** The ledger as a page, for docs/requirements.md. */
export function renderLedger(areas: readonly Area[]): string {
  const head = [
    '# Requirements',
    '',
    'What Throughline promises, and what proves it. R: what it does. S: how it keeps its users safe.',
    '',
    '- **proven**: the named test fails when the named place in the source is undone. `npm run ledger:break` undoes them',
    '  one by one and expects each test to fail.',
    '- **partly**: the same, for all but what is named as missing.',
    '- **planned**: not there yet, or there without a test that proves it.',
    '- **not applicable**: there is no such door.',
    '',
    'This page is made by `npm run ledger:docs` from `test/requirements/rows/`.',
    '',
    `Now: ${totals(areas.flatMap((area) => area.rows))}.`,
  ].join('\n');
  return `${[head, ...areas.map(table)].join('\n\n')}\n`;
}
