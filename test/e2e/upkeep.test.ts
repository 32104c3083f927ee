import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() }, gateway: { healthCheckMs: 1_000 } };

describe('health checks and streams', () => {
  it('are out of the list until asked for, are counted, and the choice outlives a reload', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a call' } });
    await app.traces.rowsOf('echo_text').waitFor();
    await soon(() => app.traces.hiddenNoise.innerText()).toMatch(/^\d+ hidden$/);
    expect(await app.traces.rowsOf('server.health').count()).toBe(0);
    expect(await app.traces.rowsOf('server.connect').count()).toBe(1);

    await app.traces.showNoise.check();
    await app.traces.rowsOf('server.health').first().waitFor();
    await app.traces.rowsOf('echo_text').waitFor();
    await app.page.reload();
    await app.traces.rowsOf('server.health').first().waitFor();
    expect(await app.traces.showNoise.isChecked()).toBe(true);

    await app.traces.grid.focus();
    await app.press('h');
    await soon(() => app.traces.rowsOf('server.health').count()).toBe(0);
    expect(await app.traces.showNoise.isChecked()).toBe(false);
  });

  it('are shown where the filter itself asks for them', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.toolbar.filter.fill('upkeep:health');
    await app.traces.rowsOf('server.health').first().waitFor();
    expect(await app.traces.showNoise.isDisabled()).toBe(true);
    await soon(() => app.traces.hiddenNoise.innerText()).toBe('as the filter says');
  });
});
