import type { Locator, Page } from 'playwright-core';

export type DetailTab = 'Overview' | 'Payload' | 'Redaction' | 'Server log' | 'Events' | 'Raw';

export interface SpanDetail {
  readonly pane: Locator;
  readonly spanName: Locator;
  /** What happened, where the overview tells it in a sentence. */
  readonly story: Locator;
  readonly payload: Locator;
  readonly raw: Locator;
  /** The lines printed while the span ran. */
  readonly logLines: Locator;
  /** What the redaction tab lists as hidden, as likely missed, and of what each rule made of a value. */
  readonly hidden: Locator;
  readonly missed: Locator;
  readonly reasons: Locator;
  /** Everything marked as hidden in the tab that is shown. */
  readonly marks: Locator;
  /** What is known of the mark that is pointed at or opened. */
  readonly card: Locator;
  tab(name: DetailTab): Locator;
  show(tab: DetailTab): Promise<void>;
  /** The value of an attribute, as text. */
  attribute(key: string): Promise<string>;
  /** What the overview says under this name. */
  fact(name: string): Promise<string>;
  showPayload(direction: 'Request' | 'Response'): Promise<void>;
}

export function createSpanDetail(page: Page): SpanDetail {
  const pane = page.getByRole('complementary', { name: 'Span detail' });
  const attributes = pane.getByRole('table', { name: 'Attributes', exact: true });
  const tab = (name: DetailTab): Locator => pane.getByRole('tab', { name: new RegExp(`^${name}`) });

  return {
    pane,
    spanName: pane.getByRole('heading', { level: 3 }),
    story: pane.getByRole('tabpanel').getByRole('paragraph').first(),
    payload: pane.getByRole('region', { name: 'Payload' }),
    raw: pane.getByRole('region', { name: 'The span as JSON' }),
    logLines: pane.getByRole('list', { name: 'Lines printed while this ran' }).getByRole('listitem'),
    hidden: pane.getByRole('list', { name: 'Hidden here' }).getByRole('listitem'),
    missed: pane.getByRole('list', { name: 'Likely missed' }).getByRole('listitem'),
    reasons: pane.getByRole('list', { name: 'What each rule made of it' }).getByRole('listitem'),
    marks: pane.getByRole('button', { name: /hidden by rule/ }),
    card: page
      .getByRole('dialog', { name: /hidden by rule/ })
      .or(page.getByRole('tooltip', { name: /hidden by rule/ })),
    tab,
    show: (name) => tab(name).click(),
    attribute: (key) =>
      attributes
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: key, exact: true }) })
        .getByRole('cell')
        .innerText(),
    fact: (name) => pane.locator(`dt:text-is("${name}") + dd`).innerText(),
    showPayload: (direction) =>
      pane
        .getByRole('group', { name: 'Direction' })
        .getByRole('button', { name: new RegExp(`^${direction}`) })
        .click(),
  };
}
