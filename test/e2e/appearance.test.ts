import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const NARROW = { width: 320, height: 640 };
const LONG = 'a-long-word-without-any-place-to-break-'.repeat(12);

/** How far the document is wider than its window, in pixels. */
function overflow(app: AppWindow): Promise<number> {
  return app.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Brightness of the page behind everything, 0 black to 1 white. */
function brightness(app: AppWindow): Promise<number> {
  return app.page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (canvas === null) throw new Error('No canvas.');
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / (3 * 255);
  });
}

describe('the theme', () => {
  it.for(['light', 'dark'] as const)('follows a system that is %s', async (colorScheme, { stage }) => {
    const app = await stage.open(await stage.startGateway(), { colorScheme });
    await app.start.heading.waitFor();
    const shade = await brightness(app);
    expect(colorScheme === 'light' ? shade : 1 - shade).toBeGreaterThan(0.8);
  });

  it('can be chosen against the system, and the choice outlives a reload', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway(), { colorScheme: 'light' });
    await app.start.heading.waitFor();
    // system -> light -> dark
    await app.toolbar.theme.click();
    await app.toolbar.theme.click();
    await soon(() => brightness(app)).toBeLessThan(0.2);
    await app.page.reload();
    await app.start.heading.waitFor();
    expect(await brightness(app)).toBeLessThan(0.2);
  });
});

describe('a window 320 pixels wide', () => {
  it.for(['light', 'dark'] as const)('fits every screen in the %s theme', async (colorScheme, { stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway, { viewport: NARROW, colorScheme });
    await app.toolbar.state.filter({ hasText: 'Live' }).waitFor();
    expect(await overflow(app), 'before any call').toBeLessThanOrEqual(0);

    await using session = await sdkClient(gateway, '/servers/bench/mcp', LONG);
    await session.client.callTool({ name: 'fail', arguments: { message: LONG } });
    await app.traces.rowsOf('fail').waitFor();
    expect(await overflow(app), 'list').toBeLessThanOrEqual(0);
    await app.traces.open('fail');
    await app.trace.span('tool.invoke').click();
    for (const tab of ['Overview', 'Payload', 'Redaction', 'Server log', 'Events', 'Raw'] as const) {
      await app.detail.show(tab);
      await soon(() => overflow(app)).toBeLessThanOrEqual(0);
    }
    await app.trace.backToList.click();
    await app.toolbar.sources.click();
    await app.sources.pane.waitFor();
    expect(await overflow(app), 'sources').toBeLessThanOrEqual(0);
    await app.sources.unfold('bench');
    expect(await overflow(app), 'a server').toBeLessThanOrEqual(0);
    await app.sources.addVirtual.click();
    await app.virtualServer.unfold('bench');
    expect(await overflow(app), 'virtual server').toBeLessThanOrEqual(0);
    await app.press('Escape');
    await app.sources.addServer.click();
    await app.addServer.fillProgram({ name: 'second', command: LONG, args: [LONG] });
    expect(await overflow(app), 'form').toBeLessThanOrEqual(0);
    await app.addServer.review();
    expect(await overflow(app), 'consent').toBeLessThanOrEqual(0);
    await app.press('Escape', 'Escape', 'l');
    await app.log.pane.waitFor();
    expect(await overflow(app), 'server log').toBeLessThanOrEqual(0);
    await app.press('Escape');
    for (const tab of ['Playground', 'Trail', 'Stored and shown', 'Rules'] as const) {
      await app.redaction.open(tab);
      expect(await overflow(app), tab).toBeLessThanOrEqual(0);
    }
    await app.settings.open();
    await app.settings.row('Kept now').scrollIntoViewIfNeeded();
    expect(await overflow(app), 'settings').toBeLessThanOrEqual(0);
    await app.exports.open();
    await app.exports.add.click();
    await app.exports.fill({ name: 'x', address: `http://${LONG}`, filter: LONG, header: ['x-long', LONG] });
    expect(await overflow(app), 'endpoint').toBeLessThanOrEqual(0);
    await app.press('Escape');
    await app.redaction.open('Rules');
    await app.redaction.main.getByRole('button', { name: 'Add a rule' }).click();
    await app.redaction.ruleDialog.getByRole('textbox', { name: 'Id' }).fill(LONG);
    expect(await overflow(app), 'rule').toBeLessThanOrEqual(0);
    await app.press('Escape', '?');
    await app.keysDialog.waitFor();
    expect(await overflow(app), 'keys').toBeLessThanOrEqual(0);
  });

  it('fits the first screen', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway(), { viewport: NARROW });
    await app.start.heading.waitFor();
    expect(await overflow(app)).toBeLessThanOrEqual(0);
    await app.start.addServer.click();
    await app.addServer.form.waitFor();
    expect(await overflow(app)).toBeLessThanOrEqual(0);
  });
});
