import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const MARKER = 'harmless-marker-beside-it';
const PASSWORD = 'correct-horse-5519-battery';
/** Looks random, and no rule knows it. */
const TICKET = 'k7Qm2ZxV9tLp4RwY8sBn3JdH';
const MAIL = 'ada.lovelace@shop.example';

async function call(gateway: GatewayProcess, tool: string, args: Readonly<Record<string, string>>): Promise<void> {
  await using session = await sdkClient(gateway, '/servers/bench/mcp');
  await session.client.callTool({ name: tool, arguments: args });
}

async function openCall(app: AppWindow, tool: string, span = 'tool.invoke'): Promise<void> {
  await app.traces.open(tool);
  await app.trace.span(span).click();
  await soon(() => app.detail.spanName.innerText()).toBe(span);
}

async function showPayload(app: AppWindow, direction: 'Request' | 'Response', holding: string): Promise<void> {
  await app.detail.show('Payload');
  await app.detail.showPayload(direction);
  await soon(() => app.detail.payload.innerText()).toContain(holding);
}

describe('something hidden', () => {
  it('R101: is marked where it stood, says which rule hid it, and leads to every place in which the same secret was met', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'fail', { password: PASSWORD, message: `login with password=${PASSWORD}`, note: MARKER });
    await openCall(app, 'fail');
    await showPayload(app, 'Request', MARKER);
    const mark = app.detail.payload.getByRole('button', { name: /key-name/ });
    await soon(() => mark.innerText()).toMatch(/•••\s*key-name · password/);

    await mark.focus();
    await app.press('Enter');
    await app.detail.card.getByText('17 to 32 characters').waitFor();
    await app.press('Escape');
    await app.detail.card.waitFor({ state: 'hidden' });
    await soon(() => mark.evaluate((element) => element === document.activeElement)).toBe(true);

    await mark.click();
    await app.detail.card.getByRole('button', { name: 'Follow this secret' }).click();
    await app.redaction.trailStops.first().waitFor();
    const way = (await app.redaction.trailStops.allInnerTexts()).join('\n');
    expect(way).toMatch(/Request\s+arguments\.password/);
    expect(way).toMatch(/Response\s+content\[0\]\.text/);
    expect(way).toContain('bench');

    await app.redaction.trailStops
      .getByRole('button', { name: /^Response content\[0\]\.text/ })
      .first()
      .click();
    await soon(() => app.detail.payload.innerText()).toContain('login with password=');
    expect(await app.everything()).not.toContain(PASSWORD);
  });

  it('is listed on its span, and each line of the list leads to its place', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'echo_meta', { password: PASSWORD, note: MARKER });
    await openCall(app, 'echo_meta');
    await app.press('o');
    await soon(() => app.detail.hidden.count()).toBeGreaterThanOrEqual(2);
    const line = app.detail.hidden.filter({ hasText: 'Request arguments.password' });
    expect(await line.innerText()).toMatch(/key-name · password/);
    await line.getByRole('button', { name: /^Request/ }).click();
    await soon(() => app.detail.payload.innerText()).toContain(MARKER);
    await soon(() => app.detail.tab('Payload').getAttribute('aria-selected')).toBe('true');

    await app.detail.payload.getByRole('button', { name: /key-name/ }).click();
    await app.detail.card.getByRole('button', { name: 'Rule' }).click();
    await app.redaction.rule('key-name').waitFor();
    // The page is told of counts once a second at most.
    await soon(() => app.redaction.hitsOf('key-name')).toBeGreaterThan(0);
  });
});

describe('something that was missed', () => {
  it('R28: is listed with its reason; a rule for it takes one click, holds from then on, and goes through what is stored when asked', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'echo_text', { text: MARKER, ticket: TICKET });
    await openCall(app, 'echo_text');
    await showPayload(app, 'Request', TICKET);

    await app.detail.show('Redaction');
    const missed = app.detail.missed.filter({ hasText: TICKET }).first();
    expect(await missed.innerText()).toMatch(/look random/);
    await missed.getByRole('button', { name: 'Add rule…' }).click();
    const { ruleDialog, savedDialog } = app.redaction;
    expect(await ruleDialog.getByRole('textbox', { name: 'Name of the value' }).inputValue()).toBe('ticket');
    await ruleDialog.getByRole('textbox', { name: 'Id' }).fill('our-ticket');
    await ruleDialog.getByRole('textbox', { name: 'A text to try the rule on' }).fill('{"ticket":"abc123xyz"}');
    await ruleDialog.getByText('This rule hides 1 value of it.').waitFor();
    await ruleDialog.getByRole('button', { name: 'Add the rule' }).click();

    await savedDialog.getByRole('button', { name: 'Go through what is stored' }).click();
    await savedDialog.getByText(/^Done: [1-9]\d* more values? hidden/).waitFor();
    await savedDialog.getByRole('button', { name: 'Done' }).click();
    await showPayload(app, 'Request', MARKER);
    await soon(() => app.detail.payload.innerText()).toMatch(/"ticket": "•••\s*our-ticket/);
    await soon(() => app.everything()).not.toContain(TICKET);

    await call(gateway, 'echo_meta', { ticket: TICKET, note: MARKER });
    await openCall(app, 'echo_meta');
    await showPayload(app, 'Request', MARKER);
    expect(await app.detail.payload.innerText()).toMatch(/"ticket": "•••\s*our-ticket/);
  });

  it('can be asked about: what is selected is explained rule by rule', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'echo_text', { text: MARKER });
    await openCall(app, 'echo_text');
    await showPayload(app, 'Request', MARKER);
    await app.detail.payload.getByText(MARKER).first().dblclick();
    await app.detail.pane.getByRole('button', { name: 'Why is this not hidden?' }).click();
    await soon(() => app.detail.reasons.count()).toBeGreaterThan(3);
    await app.detail.pane.getByText('No rule hides it.').waitFor();
    expect(await app.detail.pane.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('text');
  });
});

describe('the page about redaction', () => {
  it('turns a rule on, which holds for the next call, and says why another cannot be turned off', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'echo_text', { text: `before ${MAIL}` });
    await app.press('Control+4');
    const mail = app.redaction.rule('email');
    await mail.getByRole('switch').click();
    await soon(() => mail.getByRole('switch').getAttribute('aria-checked')).toBe('true');
    await app.redaction.rule('key-name').getByText('Always on', { exact: true }).waitFor({ state: 'attached' });
    await app.redaction.main.getByText('The rules have become stricter').waitFor();

    await call(gateway, 'echo_meta', { note: `after ${MAIL} ${MARKER}` });
    await app.press('Control+1');
    await openCall(app, 'echo_meta');
    await showPayload(app, 'Request', MARKER);
    expect(await app.detail.payload.innerText()).toMatch(/after •••\s*email/);
    await openCall(app, 'echo_text');
    await showPayload(app, 'Request', `before ${MAIL}`);

    await app.redaction.open('Stored and shown');
    await app.redaction.rescrub.click();
    await soon(() => app.redaction.rescrubOutcome.innerText()).toMatch(/^Done: [1-9]/);
    await app.redaction.backToCalls();
    await soon(() => app.detail.payload.innerText()).toMatch(/before •••/);
    await soon(() => app.everything()).not.toContain(MAIL);
  });

  it('takes a rule of one’s own, refuses one that cannot be used in words, changes it and takes it away', async ({
    stage,
  }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.redaction.open('Rules');
    await app.redaction.main.getByRole('button', { name: 'Add a rule' }).click();
    const { ruleDialog, savedDialog } = app.redaction;
    await ruleDialog.getByRole('combobox', { name: 'Look for' }).selectOption('Expression');
    await ruleDialog.getByRole('textbox', { name: 'Regular expression' }).fill('CUST-([0-9]{8}');
    await ruleDialog.getByRole('textbox', { name: 'Id' }).fill('customer');
    await ruleDialog.getByRole('button', { name: 'Add the rule' }).click();
    await ruleDialog.getByRole('alert').filter({ hasText: 'customer' }).waitFor();
    await ruleDialog.getByRole('textbox', { name: 'Regular expression' }).fill('CUST-([0-9]{8})');
    await ruleDialog.getByRole('button', { name: 'Add the rule' }).click();
    await savedDialog.getByRole('button', { name: 'Done' }).click();

    const rule = app.redaction.rule('customer');
    await rule.getByRole('combobox').selectOption('Hash');
    await soon(() => rule.getByRole('combobox').inputValue()).toBe('hash');
    await rule.getByRole('button', { name: 'Edit customer' }).click();
    await ruleDialog.getByRole('textbox', { name: 'Id' }).fill('customer-number');
    await ruleDialog.getByRole('button', { name: 'Save' }).click();
    await savedDialog.getByRole('button', { name: 'Done' }).click();
    const renamed = app.redaction.rule('customer-number');
    await renamed.getByRole('button', { name: /^Delete/ }).click();
    await renamed.getByRole('button', { name: /^Delete it\?/ }).click();
    await renamed.waitFor({ state: 'detached' });
  });

  it('shows in the playground, while it is written, what would be recorded of a text', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.redaction.open('Playground');
    const { playground, recorded } = app.redaction;
    await playground.fill(JSON.stringify({ password: PASSWORD, note: MARKER }));
    await soon(() => recorded.innerText()).toMatch(/"password": "•••\s*key-name/);
    expect(await recorded.innerText()).toContain(MARKER);
    await playground.fill(`${MARKER} https://ada:${PASSWORD}@shop.example/`);
    await soon(() => recorded.innerText()).toMatch(/ada:•••\s*url-userinfo|https:\/\/•••\s*url-userinfo/);
    // What is pasted stays in its field.
    expect(await app.page.content()).not.toContain(PASSWORD);
    await playground.fill('');
    await recorded.waitFor({ state: 'detached' });
  });

  it('S5: lets a page that may only look ask everything and change nothing, and says so', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config, manage: false }));
    await app.redaction.open('Rules');
    await app.redaction.main.getByText('This page may look but not change rules.').waitFor();
    expect(await app.redaction.rule('email').getByRole('switch').isDisabled()).toBe(true);
    expect(await app.redaction.main.getByRole('button', { name: 'Add a rule' }).isDisabled()).toBe(true);
    await app.redaction.open('Playground');
    await app.redaction.playground.fill(`password=${PASSWORD}`);
    await soon(() => app.redaction.recorded.innerText()).toContain('password=•••');
    await app.redaction.open('Stored and shown');
    expect(await app.redaction.rescrub.isDisabled()).toBe(true);
    expect(await app.redaction.main.getByRole('button', { name: 'Keep secrets in memory…' }).isDisabled()).toBe(true);
  });
});

describe('secrets that are kept to be shown', () => {
  it('stand on the page only while they are shown, under a banner, and are gone once it is stopped', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.redaction.open('Stored and shown');
    await app.redaction.main.getByRole('button', { name: 'Keep secrets in memory…' }).click();
    await app.redaction.revealDialog.getByText(/never stored, never exported/).waitFor();
    await app.redaction.revealDialog.getByRole('button', { name: 'Keep secrets in memory' }).click();
    await app.redaction.banner.waitFor();

    await call(gateway, 'echo_text', { text: MARKER, password: PASSWORD });
    await app.redaction.backToCalls();
    await openCall(app, 'echo_text');
    await app.redaction.banner.waitFor();
    await app.detail.show('Redaction');
    const line = app.detail.hidden.filter({ hasText: 'Request arguments.password' });
    const show = line.getByRole('button', { name: 'Show' });
    await show.waitFor();
    expect(await app.page.content()).not.toContain(PASSWORD);
    await show.click();
    await line.getByText(PASSWORD).waitFor();

    await app.page.emulateMedia({ media: 'print' });
    expect(await line.getByText(PASSWORD).isVisible()).toBe(false);
    await app.page.emulateMedia({ media: 'screen' });
    await app.press('Tab');
    await soon(() => app.page.content()).not.toContain(PASSWORD);
    await show.click();
    await line.getByText(PASSWORD).waitFor();
    await app.page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await soon(() => app.page.content()).not.toContain(PASSWORD);

    await app.redaction.banner.getByRole('button', { name: 'Stop' }).click();
    await app.redaction.banner.waitFor({ state: 'detached' });
    await soon(() => show.count()).toBe(0);
    await soon(() => app.page.content()).not.toContain(PASSWORD);
  });
});
