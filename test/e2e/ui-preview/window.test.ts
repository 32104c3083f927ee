import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Page } from 'playwright-core';
import { it, soon } from '../stage.ts';
import { startPreview } from './preview-server.ts';
import type { PreviewServer } from './preview-server.ts';

const MAX_ELEMENTS = 1_700;

let server: PreviewServer;
beforeAll(async () => {
  server = await startPreview();
});
afterAll(() => server.close());

const chosenTrace = (page: Page) => page.getByRole('grid').locator('[aria-selected=true]');
const tree = (page: Page) => page.getByRole('treegrid');
const chosenSpan = (page: Page) => tree(page).locator('[aria-selected=true]');
const open = (page: Page, call: string) =>
  page.getByRole('grid').getByRole('row').filter({ hasText: call }).first().click();

describe('the keyboard', () => {
  it('walks the list, opens a trace and its detail, and climbs back one step at a time', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('busy'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('j');
    await soon(() => chosenTrace(page).innerText()).toContain('never_answers');
    await page.keyboard.press('ArrowDown');
    await soon(() => chosenTrace(page).innerText()).toContain('delete_repository');
    expect(await tree(page).count()).toBe(0);
    await page.keyboard.press('Enter');
    await soon(() => chosenSpan(page).innerText()).toMatch(/tool\s*\.invoke/);
    await page.keyboard.press('Control+\\');
    await soon(() => page.getByRole('complementary', { name: 'Span detail' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Span detail' }).waitFor();
    await page.keyboard.press('Escape');
    await soon(() => tree(page).count()).toBe(0);
    await page.keyboard.press('G');
    const count = await page.getByRole('grid').getAttribute('aria-rowcount');
    await soon(() => chosenTrace(page).getAttribute('aria-rowindex')).toBe(count);
  });

  it('folds and unfolds the tree, moves into children and to parents, and goes from error to error', async ({
    stage,
  }) => {
    const { page } = await stage.visit(server.scene('busy'));
    await open(page, 'search_issues');
    await tree(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await soon(() => tree(page).getByRole('row').count()).toBe(1);
    expect(await chosenSpan(page).getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await soon(() => chosenSpan(page).getAttribute('aria-level')).toBe('2');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await soon(() => chosenSpan(page).getAttribute('aria-level')).toBe('1');
    await page.keyboard.press(']');
    await soon(() => tree(page).getByRole('row').count()).toBe(1);
    await page.keyboard.press('[');
    await soon(() => tree(page).getByRole('row').count()).toBe(9);
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await soon(() => chosenTrace(page).innerText()).toContain('Error');
  });

  it('belongs to the text field while one has it', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('busy'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('pfj');
    expect(await page.getByLabel('Filter traces').inputValue()).toBe('pfj');
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.getByText('Paused', { exact: true }).waitFor();
  });

  it('is explained by ?, and asleep while that is open', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('busy'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Follow the newest').waitFor();
    await page.keyboard.press('p');
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await soon(() => help.count()).toBe(0);
  });
});

describe('a trace of 10,000 spans', () => {
  it('opens, and reaches its end, with only what is in view on the page', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('huge'), { viewport: { width: 1440, height: 900 } });
    await open(page, 'agent.run');
    await tree(page).getByRole('row').first().waitFor();
    expect(await tree(page).getAttribute('aria-rowcount')).toBe('10001');
    expect(await page.locator('*').count()).toBeLessThan(MAX_ELEMENTS);
    await tree(page).focus();
    await page.keyboard.press('End');
    await soon(() => chosenSpan(page).getAttribute('aria-rowindex')).toBe('10001');
    expect(await page.locator('*').count()).toBeLessThan(MAX_ELEMENTS);
  });
});

describe('a list that grows', () => {
  it('holds the rows in view where they are once the reader has scrolled', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('many'));
    const list = page.getByRole('grid');
    await list.getByRole('row').first().waitFor();
    await list.evaluate((element) => element.scrollTo(0, 2_800));
    await page.getByRole('button', { name: 'Follow newest' }).waitFor();
    const held = list.getByRole('row').nth(10);
    const id = await held.getAttribute('id');
    const place = async () => (await page.locator(`[id="${id ?? ''}"]`).boundingBox())?.y;
    const before = await place();
    const total = Number(await list.getAttribute('aria-rowcount'));
    await soon(async () => Number(await list.getAttribute('aria-rowcount'))).toBeGreaterThan(total + 2);
    expect(await place()).toBe(before);
  });
});

describe('a log of thousands of lines', () => {
  it('draws only those in view, stays at the end, and stands still once the reader has scrolled up', async ({
    stage,
  }) => {
    const { page } = await stage.visit(server.scene('busy'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('l');
    const log = page.getByRole('log');
    const heading = page.getByRole('complementary', { name: 'Server log' }).getByText(/^[\d,]+ lines$/);
    const count = async () => Number((await heading.innerText()).replaceAll(/\D/g, ''));
    const fromEnd = () => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    await soon(count).toBeGreaterThan(4_000);
    expect(await page.locator('*').count()).toBeLessThan(MAX_ELEMENTS);
    const before = await count();
    await soon(count).toBeGreaterThan(before);
    await soon(fromEnd).toBeLessThanOrEqual(1);

    await log.focus();
    await page.keyboard.press('Home');
    await log.getByText(/^[\d,]+ earlier lines were dropped$/).waitFor();
    const held = await count();
    await soon(count).toBeGreaterThan(held);
    expect(await log.evaluate((element) => element.scrollTop)).toBe(0);
    await page.getByRole('button', { name: 'To the newest' }).click();
    await soon(fromEnd).toBeLessThanOrEqual(1);
    await soon(() => page.getByRole('button', { name: 'To the newest' }).count()).toBe(0);
  });
});

describe('text from servers', () => {
  it('R27: is text in every place: no markup, no invisible characters, no reordering', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('hostile'), { viewport: { width: 1600, height: 1000 } });
    await open(page, 'onerror');
    await tree(page).getByRole('row').nth(1).click();
    for (const tab of ['Overview', 'Payload', 'Server log', 'Events', 'Raw']) {
      await page.getByRole('tab', { name: tab }).click();
      await page
        .getByRole('tabpanel')
        .getByText(/onerror|\\u202E/)
        .first()
        .waitFor();
    }
    await page.keyboard.press('l');
    await page
      .getByRole('log')
      .getByText(/onerror/)
      .waitFor();
    await page.getByRole('button', { name: 'Show details of notes' }).click();
    const shown = await page.locator('body').innerText();
    expect(shown).toContain('\\u202E');
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
    expect(await page.locator('img, script:not([src]), iframe, object').count()).toBe(0);
  });
});

describe('a small window', () => {
  it.for([320, 390, 720, 1_040])(
    'of %i px shows one thing after the other and never scrolls sideways',
    async (width, { stage }) => {
      const { page } = await stage.visit(server.scene('busy'), { viewport: { width, height: 640 } });
      await open(page, 'delete_repository');
      await tree(page).waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: /^(Back to the list|Close this trace)/ }).click();
      await page.getByRole('grid').waitFor();
      if (width < 1_040) await page.getByRole('button', { name: 'Sources' }).click();
      await page.getByRole('navigation', { name: 'Sources' }).waitFor();
    },
  );
});

describe('the room about redaction', () => {
  const room = (page: Page) => page.getByRole('main', { name: 'Redaction' });

  it('is reached and left with the keyboard, and its rules are walked through with the arrows', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('redaction'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+4');
    await room(page).waitFor();
    // Keys about calls are asleep where there are none.
    await page.keyboard.press('p');
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0);
    const edit = (id: string) => page.getByRole('button', { name: `Edit ${id}` });
    const hasFocus = (id: string) => edit(id).evaluate((element) => element === document.activeElement);
    await edit('iban').focus();
    await page.keyboard.press('ArrowDown');
    await soon(() => hasFocus('customer-number')).toBe(true);
    await page.keyboard.press('ArrowUp');
    await soon(() => hasFocus('iban')).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    expect(await room(page).count()).toBe(0);
  });

  it('opens on a span with o, and shows a mark’s card to a reader without a mouse', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('redaction'));
    await open(page, 'sign_in');
    await tree(page).focus();
    await page.keyboard.press('o');
    await page.getByRole('list', { name: 'Likely missed' }).getByText('24 characters that look random').waitFor();
    await page.getByRole('list', { name: 'Hidden here' }).getByRole('button', { name: 'Status message' }).click();
    const message = page.getByRole('alert').filter({ hasText: 'Login refused' });
    const mark = message.getByRole('button', { name: /hidden by rule/ });
    await soon(() => mark.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog', { name: /password hidden by rule/ });
    await soon(() => card.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await soon(() => mark.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await card.count()).toBe(0);
  });

  it('shows also where a rule has left nothing of what it hid', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('redaction'));
    await open(page, 'sign_in');
    await page.getByRole('tab', { name: /^Payload/ }).click();
    const payload = page.getByRole('region', { name: 'Payload' });
    await soon(() => payload.innerText()).toMatch(/"pin":\s*key-name · pin/);
  });
});

describe('the rooms about settings and export', () => {
  const room = (page: Page, name: string) => page.getByRole('main', { name });
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

  it('are reached, used and left with the keyboard alone', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('tracing'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+,');
    await room(page, 'Settings').waitFor();
    for (let presses = 0; presses < 40 && (await focused(page)) !== 'Record calls'; presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Not recording' }).waitFor();
    await page.getByRole('radio', { name: 'By step' }).focus();
    await page.keyboard.press('ArrowDown');
    await soon(() => page.getByRole('radio', { name: 'By OpenTelemetry’s conventions' }).isChecked()).toBe(true);

    // Where a field has the focus, keys with Ctrl lead on all the same.
    await page.keyboard.press('Control+5');
    await room(page, 'Export').waitFor();
    await page.getByRole('button', { name: 'Edit Tempo of the team' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Edit “Tempo of the team”' });
    await form.waitFor();
    await form.getByRole('button', { name: 'Replace the value of authorization' }).focus();
    await page.keyboard.press('Enter');
    const value = form.getByLabel('Value of authorization');
    await soon(() => value.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('typed-over-it');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'What leaves for “Tempo of the team”' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
  });

  it('ask once more before history is deleted, and take a switch back that the gateway refuses', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('tracing'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+,');
    const history = page.getByRole('group', { name: 'Keep history on disk' });
    const onOff = history.getByRole('switch');
    await onOff.click();
    await history.getByText('The file is deleted.').waitFor();
    expect(await onOff.getAttribute('aria-checked')).toBe('true');
    await history.getByRole('button', { name: 'Keep history' }).click();
    await onOff.click();
    await history.getByRole('button', { name: 'Delete the file' }).click();
    await soon(() => onOff.getAttribute('aria-checked')).toBe('false');

    await page.goto(server.scene('settings-refused'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+,');
    await onOff.click();
    await history.getByRole('alert').getByText('The disk is full.').waitFor();
    expect(await onOff.getAttribute('aria-checked')).toBe('false');
  });

  it('say where a form is wrong, and how many traces a filter lets through while it is typed', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('tracing'));
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+5');
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    const form = page.getByRole('dialog', { name: 'Add an endpoint' });
    await form.getByRole('textbox', { name: 'Filter' }).fill('nonsense:1');
    await form.getByText('“nonsense:” is not a filter.').waitFor();
    await form.getByRole('textbox', { name: 'Filter' }).fill('status:error');
    await form.getByText('12 of the 64 kept now would leave.').waitFor();
    await form.getByRole('button', { name: 'See what leaves…' }).click();
    await form.getByText('Enter an http:// or https:// address.').waitFor();
    expect(await form.getByRole('textbox', { name: 'Address' }).getAttribute('aria-invalid')).toBe('true');
  });

  it('lead from an export that was blocked to where what is stored is gone through', async ({ stage }) => {
    const { page } = await stage.visit(server.scene('export-blocked'));
    await open(page, 'delete_repository');
    await page.keyboard.press('x');
    await page.getByRole('dialog', { name: 'Save traces as a file' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByRole('button', { name: 'Go to the page about redaction' }).click();
    await page
      .getByRole('main', { name: 'Redaction' })
      .getByRole('button', { name: 'Go through what is stored' })
      .waitFor();
  });

  it.for([320, 720, 1_040])('never scroll sideways in a window of %i px', async (width, { stage }) => {
    const { page } = await stage.visit(server.scene('tracing'), { viewport: { width, height: 640 } });
    await page.getByRole('grid').waitFor();
    for (const [key, name] of [
      ['Control+,', 'Settings'],
      ['Control+5', 'Export'],
    ] as const) {
      await page.keyboard.press(key);
      await room(page, name).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
      const wide = await room(page, name).evaluate(
        (main) =>
          [...main.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
            .length,
      );
      expect(wide).toBe(0);
    }
  });
});

describe('spans of other processes', () => {
  it('say whose they are, that a clock differs, and whom a server asked, whatever they are called', async ({
    stage,
  }) => {
    const { page } = await stage.visit(server.scene('joined'), { viewport: { width: 1_600, height: 1_000 } });
    await open(page, 'plan_trip');
    const row = (name: string | RegExp) =>
      tree(page)
        .getByRole('row')
        .filter({ has: page.getByRole('gridcell', { name }) });
    await row('tools/call plan_trip → travel').waitFor();
    await soon(() => row(/^handle plan_trip/).getAttribute('aria-description')).toBe(
      'received from travel-server, starts 120 ms before its parent: the clocks differ',
    );
    await row('sampling/createMessage asked the client’s model').waitFor();
    await row('elicitation/create asked the user · declined').click();
    await row(/^tools\/call plan_trip$/).click();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('Progress 2 of 3').waitFor();
  });
});
