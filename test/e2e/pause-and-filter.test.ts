import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };

describe('the live list', () => {
  it('stands still while paused, counts what comes, and shows it on resume', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'one' } });
    await app.traces.rowsOf('echo_text').waitFor();
    await app.toolbar.pause.click();
    await soon(() => app.toolbar.state.innerText()).toBe('Paused');
    const before = await app.traces.lines();

    await session.client.callTool({ name: 'echo_meta', arguments: {} });
    await session.client.callTool({ name: 'fail', arguments: { message: 'no' } });
    await soon(() => app.toolbar.state.innerText()).toMatch(/Paused\s*\+2 new/);
    expect(await app.traces.lines()).toEqual(before);

    await app.toolbar.resume.click();
    await soon(() => app.toolbar.state.innerText()).toBe('Live');
    await soon(async () => (await app.traces.calls()).map(({ call, status }) => `${status} ${call}`)).toEqual([
      'Error failtools/call',
      'OK echo_metatools/call',
      'OK echo_texttools/call',
    ]);
  });

  it('never moves the selection when new rows come', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'chosen' } });
    await app.traces.open('echo_text');
    await app.trace.span('mcp.client.call').click();
    const chosen = await app.traces.selected.getAttribute('id');

    for (let count = 0; count < 5; count += 1) await session.client.callTool({ name: 'echo_meta', arguments: {} });
    await soon(() => app.traces.rowsOf('echo_meta').count()).toBe(5);
    expect(await app.traces.selected.getAttribute('id')).toBe(chosen);
    expect(await app.traces.selected.innerText()).toContain('echo_text');
    expect(await app.trace.heading.innerText()).toBe('echo_text');
    expect(await app.detail.spanName.innerText()).toBe('mcp.client.call');
  });
});

describe('the filter', () => {
  it('shows what matches, says so when nothing does, and gives everything back', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    await session.client.callTool({ name: 'fail', arguments: { message: 'b' } });
    await soon(async () => (await app.traces.calls()).length).toBe(2);
    const all = await app.traces.lines();

    await app.toolbar.filter.fill('tool:echo');
    await soon(async () => (await app.traces.lines()).map(({ call }) => call)).toEqual(['echo_texttools/call']);
    await app.toolbar.filter.fill('status:error');
    await soon(async () => (await app.traces.lines()).map(({ call }) => call)).toEqual(['failtools/call']);
    await app.toolbar.filter.fill('tool:nothing-is-called-so');
    await app.page.getByText('No trace matches this filter.').waitFor();
    await app.page.getByRole('main').getByRole('button', { name: 'Clear the filter' }).click();
    await soon(() => app.traces.lines()).toEqual(all);
    expect(await app.toolbar.filter.inputValue()).toBe('');
  });

  it('finds a call that comes while it stands', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await app.toolbar.filter.fill('tool:echo');
    await app.page.getByText('No trace matches this filter.').waitFor();
    await session.client.callTool({ name: 'fail', arguments: { message: 'b' } });
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    await soon(async () => (await app.traces.lines()).map(({ call }) => call)).toEqual(['echo_texttools/call']);
  });

  it.for([
    ['dur:soon', /"dur:soon" cannot be understood: write for example dur:>500ms/],
    ['toool:echo', /"toool:echo" starts with an unknown key/],
    ['tool:"echo', /is not closed/],
  ] as const)('says in a sentence what is wrong with %s', async ([query, sentence], { stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.toolbar.filter.fill(query);
    await soon(() => app.toolbar.filterComplaint.innerText()).toMatch(sentence);
    expect(await app.toolbar.filter.getAttribute('aria-invalid')).toBe('true');
    await app.toolbar.filter.fill('');
    await app.toolbar.filterComplaint.waitFor({ state: 'hidden' });
  });
});
