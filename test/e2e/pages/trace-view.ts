import type { Locator, Page } from 'playwright-core';

/** A span's name, how deep it stands in the tree, and whether a child of another. */
export type OutlineRow = readonly [level: number, name: string];

export interface TraceView {
  readonly pane: Locator;
  readonly heading: Locator;
  /** What stands above the tree: heading, sentence, when, who. */
  readonly head: Locator;
  /** What happened, in one sentence. */
  readonly sentence: Locator;
  readonly tree: Locator;
  readonly spans: Locator;
  readonly selectedSpan: Locator;
  readonly exportButton: Locator;
  readonly backToList: Locator;
  span(name: string): Locator;
  /** The first row that is about this: what stands beside the span's name. */
  row(subject: string): Locator;
  /** The visible rows of the tree from top to bottom. */
  outline(): Promise<readonly OutlineRow[]>;
  /** What a span is about, as its row is read out loud after the span's name. */
  subjectOf(name: string): Promise<string>;
  /** Which requests came again, from top to bottom. */
  attempts(): Promise<readonly string[]>;
  durationOf(name: string): Promise<string>;
  /** Width of what is drawn for a span on the time axis, in pixels. */
  barWidthOf(name: string): Promise<number>;
  /** The tool tip of a span's bar: when it starts and how long it took. */
  timingOf(name: string): Promise<string>;
}

const NAME_CELL = 0;
const DURATION_CELL = 1;
const BAR_CELL = 2;
/** The tool tip of a row's name is the span's name and, after two spaces, what it is about. */
const SUBJECT = / {2}.*$/s;

export function createTraceView(page: Page): TraceView {
  const pane = page.getByRole('region', { name: 'Trace', exact: true });
  const tree = pane.getByRole('treegrid', { name: 'Spans of this trace' });
  const spans = tree.getByRole('row');
  const span = (name: string): Locator => spans.filter({ has: page.getByTitle(titleOf(name)) }).first();
  const cell = (name: string, index: number): Locator => span(name).getByRole('gridcell').nth(index);

  return {
    pane,
    heading: pane.getByRole('heading', { level: 2 }),
    head: pane.locator('header').filter({ has: page.getByRole('heading', { level: 2 }) }),
    sentence: pane.getByRole('paragraph').first(),
    tree,
    spans,
    selectedSpan: tree.getByRole('row', { selected: true }),
    exportButton: pane.getByRole('button', { name: 'Export' }),
    backToList: pane.getByRole('button', { name: 'Back to the list' }),
    span,
    row: (subject) => spans.filter({ has: page.getByRole('gridcell', { name: subject }) }).first(),
    async outline() {
      return Promise.all(
        (await spans.all()).map(async (row): Promise<OutlineRow> => {
          const level = Number(await row.getAttribute('aria-level'));
          const title = await row.getByRole('gridcell').nth(NAME_CELL).getAttribute('title');
          return [level, (title ?? '').replace(SUBJECT, '')];
        }),
      );
    },
    subjectOf: async (name) => subjectIn(await cell(name, NAME_CELL).getAttribute('aria-label')),
    async attempts() {
      const names = await Promise.all(
        (await spans.all()).map((row) => row.getByRole('gridcell').nth(NAME_CELL).getAttribute('aria-label')),
      );
      return names.map(subjectIn).filter((subject) => /^attempt \d+$/.test(subject));
    },
    durationOf: (name) => cell(name, DURATION_CELL).innerText(),
    barWidthOf: (name) => cell(name, BAR_CELL).evaluate(widestLeaf),
    timingOf: async (name) => (await cell(name, BAR_CELL).getAttribute('title')) ?? '',
  };
}

function titleOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}( {2}|$)`);
}

function subjectIn(name: string | null): string {
  return /(?<= {2}).*$/s.exec(name ?? '')?.[0] ?? '';
}

/** The bar has no name of its own: it is the widest thing drawn in its cell that holds nothing else. */
function widestLeaf(cell: Element): number {
  const leaves = [...cell.querySelectorAll('*')].filter((element) => element.childElementCount === 0);
  return Math.max(0, ...leaves.map((leaf) => leaf.getBoundingClientRect().width));
}
