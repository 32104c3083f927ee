import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };

const selectedCall = (app: AppWindow): Promise<string> => app.traces.selected.innerText();
const selectedSpan = (app: AppWindow): Promise<string> => app.detail.spanName.innerText();

describe('with the keyboard alone', () => {
  it('a newcomer adds a server', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    const { command, args } = workbenchStdio();
    await app.start.addServer.waitFor();
    for (let presses = 0; presses < 30 && !(await hasFocus(app, 'Add a server')); presses += 1) await app.press('Tab');
    await app.press('Enter');
    await app.addServer.form.waitFor();
    await app.page.keyboard.type('bench');
    await app.press('Tab', 'Tab');
    await app.page.keyboard.type(`"${command}" "${args.join('" "')}"`);
    await app.press('Enter');
    await app.addServer.consent.waitFor();
    expect((await app.addServer.facts())['Program']).toEqual([command]);
    await app.press('Tab', 'Enter');
    await app.sources
      .server('bench')
      .getByText(/^Connected/)
      .waitFor();
  });

  it('a reader goes through list, tree and detail and back', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'older' } });
    await session.client.callTool({ name: 'fail', arguments: { message: 'newer' } });
    await soon(async () => (await app.traces.calls()).length).toBe(2);

    await app.press('j');
    await soon(() => selectedCall(app)).toContain('fail');
    await app.press('j');
    await soon(() => selectedCall(app)).toContain('echo_text');
    await app.press('k');
    await soon(() => selectedCall(app)).toContain('fail');
    await app.press('ArrowDown', 'Enter');
    await soon(() => app.trace.heading.innerText()).toBe('echo_text');
    await soon(() => app.trace.spans.count()).toBe(5);

    // A trace opens at what was asked for.
    await soon(() => selectedSpan(app)).toBe('tool.invoke');
    await app.press('ArrowUp');
    await soon(() => selectedSpan(app)).toMatch(/^POST /);
    await app.press('ArrowDown');
    await soon(() => selectedSpan(app)).toBe('tool.invoke');
    await app.press('ArrowRight');
    await soon(() => selectedSpan(app)).toBe('mcp.client.call');
    await app.press('ArrowLeft');
    await soon(() => app.trace.span('mcp.client.call').getAttribute('aria-expanded')).toBe('false');
    expect(await app.trace.spans.count()).toBe(3);
    await app.press('ArrowLeft');
    await soon(() => selectedSpan(app)).toBe('tool.invoke');
    await app.press('j', 'ArrowRight', 'j');
    await soon(() => selectedSpan(app)).toBe('mcp.client.request');
    await app.press('k', 'k', 'k');
    await soon(() => selectedSpan(app)).toMatch(/^POST /);

    await app.press('Escape');
    await app.trace.pane.waitFor({ state: 'hidden' });
    await soon(() => selectedCall(app)).toContain('echo_text');
    await app.press('k');
    await soon(() => selectedCall(app)).toContain('fail');
  });

  it('/ filters, Enter goes back to the list, Escape clears', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    await session.client.callTool({ name: 'fail', arguments: { message: 'b' } });
    await soon(async () => (await app.traces.calls()).length).toBe(2);
    const all = await app.traces.lines();

    await app.press('/');
    await app.page.keyboard.type('tool:fail');
    await app.press('Enter');
    await soon(async () => (await app.traces.lines()).length).toBe(1);
    await app.press('j');
    await soon(() => selectedCall(app)).toContain('fail');
    expect(await app.toolbar.filter.inputValue()).toBe('tool:fail');
    await app.press('Escape');
    await soon(() => app.traces.lines()).toEqual(all);
    expect(await app.toolbar.filter.inputValue()).toBe('');
  });

  it('p pauses and resumes, x and Enter save the trace, ? shows the keys and Escape closes them', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    await app.traces.rowsOf('echo_text').waitFor();

    await app.press('p');
    await soon(() => app.toolbar.state.innerText()).toBe('Paused');
    await app.press('p');
    await soon(() => app.toolbar.state.innerText()).toBe('Live');

    await app.press('?');
    await app.keysDialog.waitFor();
    expect(await app.keysDialog.getByRole('term').allInnerTexts()).toContain('Pause or resume the picture');
    // A dialog has the keys to itself.
    await app.press('p');
    await app.press('Escape');
    await app.keysDialog.waitFor({ state: 'hidden' });
    expect(await app.toolbar.state.innerText()).toBe('Live');

    await app.press('j', 'Enter');
    await app.trace.tree.waitFor();
    const saving = app.page.waitForEvent('download');
    await app.press('x');
    await app.files.saveDialog.waitFor();
    await app.press('Enter');
    expect((await saving).suggestedFilename()).toMatch(/\.json$/);
  });
});

function hasFocus(app: AppWindow, name: string): Promise<boolean> {
  return app.page
    .getByRole('button', { name, exact: true })
    .evaluate((button) => button === button.ownerDocument.activeElement);
}
