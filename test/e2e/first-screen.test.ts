import { describe, expect } from 'vitest';
import { it, soon } from './stage.ts';

describe('the first screen, with no servers and nothing recorded', () => {
  it('offers the demo and adding a server, and no import', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    await app.start.heading.waitFor();
    expect(await app.start.playDemo.isEnabled()).toBe(true);
    expect(await app.start.addServer.isEnabled()).toBe(true);
    expect(await app.start.imports.count()).toBe(0);
  });

  it('leads nowhere that is not there: every button on it changes the picture', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    await app.start.playDemo.waitFor();
    const names = await app.page
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent.trim()),
      );
    expect(names).toContain('Add a server');
    // The demo last: from then on there is something recorded, and this is no first screen any more.
    for (const name of names.sort((a) => (a === 'Play the demo' ? 1 : -1))) {
      await app.page.reload();
      await app.start.playDemo.waitFor();
      const before = await app.page.content();
      await app.page.getByRole('button', { name, exact: true }).first().click();
      await soon(() => app.page.content()).not.toBe(before);
    }
    expect(await app.page.getByRole('link').count()).toBe(0);
  });

  it('says what to do instead where the page may not manage servers', async ({ stage }) => {
    const gateway = await stage.startGateway({ manage: false });
    const app = await stage.open(gateway);
    await app.start.heading.waitFor();
    await app.page.getByRole('main').getByText('throughline serve --manage').waitFor();
    expect(await app.start.addServer.count()).toBe(0);
    expect(await app.start.playDemo.count()).toBe(0);
  });
});
