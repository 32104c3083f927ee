import { describe, expect, onTestFinished } from 'vitest';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { openModernClient } from '../support/modern-client.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon, type Stage } from './stage.ts';

const OLDER_CALL = 'echo_text';
const NEWER_CALL = 'test_simple_text';

/** One client of each era, and one server of each: the newer client calls the older server, and the other way round. */
async function playAcrossEras(stage: Stage): Promise<AppWindow> {
  const http = await startModernHttpFixture({ modernOnly: true });
  onTestFinished(() => http.close());
  const config = { mcpServers: { newer: { type: 'http', url: http.url }, older: workbenchStdio() } };
  const gateway = await stage.startGateway({ config });
  const app = await stage.open(gateway);
  const modern = openModernClient(gateway, '/servers/older/mcp');
  await modern.callTool(OLDER_CALL, { text: 'across' });
  await using legacy = await sdkClient(gateway, '/servers/newer/mcp', 'legacy-client');
  await legacy.client.callTool({ name: NEWER_CALL, arguments: {} });
  await app.traces.rowsOf(OLDER_CALL).waitFor();
  await app.traces.rowsOf(NEWER_CALL).waitFor();
  return app;
}

describe('eras in the window', () => {
  it('are told of servers and clients in the sources, and of both sides of a call in its row', async ({ stage }) => {
    const app = await playAcrossEras(stage);
    await soon(() => app.sources.server('newer').innerText()).toMatch(/Connected[^]*modern/);
    await soon(() => app.sources.server('older').innerText()).toMatch(/Connected[^]*legacy/);
    await soon(() => app.sources.client('modern-client').innerText()).toMatch(/^modern-client\s+modern\s/);
    await soon(() => app.sources.client('legacy-client').innerText()).toMatch(/^legacy-client\s+legacy\s/);
    await soon(() => app.traces.serverOf(OLDER_CALL).innerText()).toMatch(/^older\s+legacy$/);
    await soon(() => app.traces.clientOf(OLDER_CALL).innerText()).toMatch(/^modern-client\s+modern$/);
    await soon(() => app.traces.serverOf(NEWER_CALL).innerText()).toMatch(/^newer\s+modern$/);
    await soon(() => app.traces.clientOf(NEWER_CALL).innerText()).toMatch(/^legacy-client\s+legacy$/);

    await app.sources.unfold('newer');
    await soon(() => app.sources.factsOf('newer')).toMatchObject({
      Protocol: '2026-07-28 · modern (stateless)',
      Session: 'None: each request stands alone',
    });
  });

  it('are told with their versions in the head of a trace and in its spans', async ({ stage }) => {
    const app = await playAcrossEras(stage);
    await app.traces.open(OLDER_CALL);
    await soon(() => app.trace.head.innerText()).toMatch(/modern-client\s+MCP 2026-07-28 · modern/);
    await soon(() => app.trace.head.innerText()).toMatch(/older\s+MCP 2025-11-25 · legacy/);
    await app.trace.span('tool.invoke').click();
    await soon(() => app.detail.fact('Protocol')).toBe('2026-07-28 · modern, with the client');
    await app.trace.span('mcp.client.call').click();
    await soon(() => app.detail.fact('Protocol')).toBe('2025-11-25 · legacy, with the server');
    expect(await app.detail.attribute('mcp.protocol.version')).toBe('2025-11-25');
  });

  it('are what the filter finds traces by, and it says what it takes', async ({ stage }) => {
    const app = await playAcrossEras(stage);
    const calls = async () => (await app.traces.calls()).map(({ call }) => call).sort();
    const both = [`${OLDER_CALL}tools/call`, `${NEWER_CALL}tools/call`];
    await app.toolbar.filter.fill('era:modern era:legacy');
    await soon(calls).toEqual(both);
    await app.toolbar.filter.fill('era:modern server:older');
    await soon(calls).toEqual(both.slice(0, 1));
    await app.toolbar.filter.fill('-era:legacy method:tools/call');
    await app.page.getByText('No trace matches this filter.').waitFor();
    await app.toolbar.filter.fill('era:blue');
    await soon(() => app.toolbar.filterComplaint.innerText()).toBe(
      '"era:blue" cannot be understood: use modern, legacy or a protocol version such as 2025-06-18, ' +
        'with | between alternatives.',
    );
  });
});
