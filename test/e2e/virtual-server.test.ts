import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient, textOf } from '../support/sdk-client.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio(), other: workbenchStdio() } };

async function toolsAt(gateway: GatewayProcess, path: string): Promise<readonly string[]> {
  await using session = await sdkClient(gateway, path);
  return (await session.client.listTools()).tools.map(({ name }) => name);
}

describe('a virtual server', () => {
  it('is made of what was ticked, is used by a client at its own address, is edited and deleted', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    for (const id of ['bench', 'other'])
      await app.sources
        .server(id)
        .getByText(/^Connected/)
        .waitFor();

    await app.sources.addVirtual.click();
    await app.virtualServer.add.click();
    await app.virtualServer.form.getByText(/^A server name is/).waitFor();
    expect(await app.virtualServer.chosen.innerText()).toBe('Choose something from at least one server.');
    await app.virtualServer.name.fill('bench');
    await app.virtualServer.unfold('bench');
    await app.virtualServer.box(/echo_text/).check();
    await app.virtualServer.add.click();
    await app.virtualServer.form.getByText(/A server is named “bench”/).waitFor();

    await app.virtualServer.name.fill('small');
    expect(await app.virtualServer.chosen.innerText()).toBe('1 tool from 1 server');
    await app.virtualServer.add.click();
    await app.sources.virtual('small').getByText('1 tool', { exact: true }).waitFor();

    const [tool = '', ...more] = await toolsAt(gateway, '/servers/small/mcp');
    expect(more).toEqual([]);
    expect(tool).toMatch(/echo_text$/);
    await using session = await sdkClient(gateway, '/servers/small/mcp');
    const answer = await session.client.callTool({ name: tool, arguments: { text: 'through the small one' } });
    expect(textOf(answer)).toBe('through the small one');

    await app.sources.unfold('small');
    await app.sources.virtual('small').getByText('/servers/small/mcp').waitFor();
    await app.sources.virtual('small').getByRole('button', { name: 'Edit' }).click();
    await app.virtualServer.unfold('other');
    await app.virtualServer.editForm
      .getByRole('group', { name: 'tools of other' })
      .getByLabel(/^All tools/)
      .check();
    await app.virtualServer.save.click();
    await app.sources
      .virtual('small')
      .getByText(/^other\s+all tools$/)
      .waitFor();
    await soon(async () => (await toolsAt(gateway, '/servers/small/mcp')).length).toBeGreaterThan(2);

    const remove = app.sources.virtual('small').getByRole('button', { name: 'Delete' });
    await remove.click();
    await app.sources.virtual('small').getByRole('button', { name: 'Really delete?' }).click();
    await app.sources.virtual('small').waitFor({ state: 'hidden' });
    await expect(sdkClient(gateway, '/servers/small/mcp')).rejects.toThrow();
  });

  it('is chosen with the keyboard alone', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.sources
      .server('bench')
      .getByText(/^Connected/)
      .waitFor();
    await app.sources.addVirtual.focus();
    await app.press('Enter');
    await app.virtualServer.form.waitFor();
    await app.page.keyboard.type('keys');
    await app.press('Tab', 'Tab');
    await app.page.keyboard.type('echo_text');
    await app.press('Tab', 'Tab', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Space');
    await soon(() => app.virtualServer.chosen.innerText()).toBe('1 tool from 1 server');
    await app.press('Enter');
    await app.sources.virtual('keys').getByText('1 tool', { exact: true }).waitFor();
  });
});
