import type { Locator, Page } from 'playwright-core';

export type RoomTab = 'Rules' | 'Playground' | 'Trail' | 'Stored and shown';

/** The page about what is hidden. */
export interface RedactionRoom {
  readonly main: Locator;
  readonly playground: Locator;
  /** What would be recorded of the text in the playground. */
  readonly recorded: Locator;
  readonly trailStops: Locator;
  readonly rescrub: Locator;
  readonly rescrubOutcome: Locator;
  /** Stands above everything while secrets are kept. */
  readonly banner: Locator;
  readonly ruleDialog: Locator;
  readonly savedDialog: Locator;
  readonly revealDialog: Locator;
  open(tab?: RoomTab): Promise<void>;
  backToCalls(): Promise<void>;
  /** The row of a rule, by its id. */
  rule(id: string): Locator;
  /** How often a rule has hidden something. */
  hitsOf(id: string): Promise<number>;
}

export function createRedactionRoom(page: Page): RedactionRoom {
  const main = page.getByRole('main', { name: 'Redaction' });
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  const rule = (id: string): Locator => main.getByRole('listitem').filter({ has: page.getByText(id, { exact: true }) });
  const stored = main.getByRole('region', { name: 'What is stored' });

  return {
    main,
    playground: main.getByRole('textbox', { name: 'A text or JSON to try the rules on' }),
    recorded: main.getByRole('region', { name: 'What would be recorded' }),
    trailStops: main.getByRole('list', { name: 'Way of the secret' }).locator(':scope > li'),
    rescrub: stored.getByRole('button', { name: 'Go through what is stored' }),
    rescrubOutcome: stored.getByRole('status'),
    banner: page.getByRole('status').filter({ hasText: 'Secrets are being kept in memory' }),
    ruleDialog: page.getByRole('dialog', { name: /^(Add a rule|Edit “.*”)$/ }),
    savedDialog: page.getByRole('dialog', { name: /is in force$/ }),
    revealDialog: page.getByRole('dialog', { name: 'Keep secrets in memory?' }),
    async open(tab) {
      if (!(await main.isVisible())) await rooms.getByRole('button', { name: 'Redaction' }).click();
      if (tab !== undefined) await main.getByRole('tab', { name: tab }).click();
    },
    backToCalls: () => rooms.getByRole('button', { name: 'Calls' }).click(),
    rule,
    async hitsOf(id) {
      const text = await rule(id).getByText('hidden since the gateway started').locator('xpath=..').innerText();
      return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', '') ?? 0);
    },
  };
}
