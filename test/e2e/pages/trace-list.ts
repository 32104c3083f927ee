import type { Locator, Page } from 'playwright-core';

/** One row of the list as a reader sees it. */
export interface TraceLine {
  readonly status: string;
  readonly call: string;
  readonly hidden: string;
}

export interface TraceList {
  readonly grid: Locator;
  readonly rows: Locator;
  readonly selected: Locator;
  /** Whether health checks, streams and news are in the list, and how many are not. */
  readonly showNoise: Locator;
  readonly hiddenNoise: Locator;
  /** The rows about a tool, prompt or method. */
  rowsOf(call: string): Locator;
  statusOf(call: string): Locator;
  serverOf(call: string): Locator;
  clientOf(call: string): Locator;
  durationOf(call: string): Locator;
  /** Every row in view, newest first. */
  lines(): Promise<readonly TraceLine[]>;
  /** The tool calls in view, newest first. */
  calls(): Promise<readonly TraceLine[]>;
  open(call: string): Promise<void>;
}

const SERVER_CELL = 3;
const DURATION_CELL = 4;
const CLIENT_CELL = 5;

export function createTraceList(page: Page): TraceList {
  const grid = page.getByRole('grid', { name: 'Traces, newest first' });
  const rows = grid.getByRole('row');
  const rowsOf = (call: string): Locator => rows.filter({ has: page.getByRole('gridcell', { name: call }) });

  async function lines(): Promise<readonly TraceLine[]> {
    const texts = await Promise.all((await rows.all()).map((row) => row.getByRole('gridcell').allTextContents()));
    return texts.map((cells) => ({ status: cells[0] ?? '', call: cells[2] ?? '', hidden: cells.at(-1) ?? '' }));
  }

  return {
    grid,
    rows,
    selected: grid.getByRole('row', { selected: true }),
    showNoise: page.getByRole('checkbox', { name: 'Show health checks, streams and news' }),
    hiddenNoise: page.getByRole('region', { name: 'Traces', exact: true }).getByRole('status'),
    rowsOf,
    statusOf: (call) => rowsOf(call).getByRole('gridcell').first(),
    serverOf: (call) => rowsOf(call).getByRole('gridcell').nth(SERVER_CELL),
    clientOf: (call) => rowsOf(call).getByRole('gridcell').nth(CLIENT_CELL),
    durationOf: (call) => rowsOf(call).getByRole('gridcell', { includeHidden: true }).nth(DURATION_CELL),
    lines,
    calls: async () => (await lines()).filter(({ call }) => call.endsWith('tools/call')),
    open: (call) => rowsOf(call).first().click(),
  };
}
