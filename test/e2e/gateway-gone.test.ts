import { describe, expect } from 'vitest';
import { runCli } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const LINE_LOST = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

describe('when the gateway goes away', () => {
  it('says so in words and keeps the picture; a new gateway there says how to come back in', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    {
      await using session = await sdkClient(gateway, '/servers/bench/mcp');
      await session.client.callTool({ name: 'echo_text', arguments: { text: 'kept in view' } });
      await app.traces.rowsOf('echo_text').waitFor();
    }
    await soon(() => app.toolbar.state.innerText()).toBe('Live');

    await gateway.stop();
    await app.lostBanner.waitFor();
    expect(await app.lostBanner.innerText()).toMatch(
      /What you see is what was last heard\. Start it again with npm start/,
    );
    await soon(() => app.toolbar.state.innerText()).toBe('Offline');
    expect(await app.traces.rowsOf('echo_text').count()).toBe(1);

    const port = new URL(gateway.origin).port;
    const next = await stage.startGateway({ config, home: gateway.home, args: ['--port', port] });
    expect(next.origin).toBe(gateway.origin);
    const tryNow = app.lostBanner.getByRole('button', { name: 'Try now' });
    await tryNow.or(app.refusal).click();
    await app.refusal.getByText('The gateway was started anew since this window was opened.').waitFor();
    expect(await app.refusal.innerText()).toContain('throughline open');

    const opened = await runCli(['open', '--url', next.origin], { home: next.home });
    expect(opened.code).toBe(0);
    await app.page.goto(/Open: (\S+)/.exec(opened.stdout)?.[1] ?? 'about:blank');
    await app.sources
      .server('bench')
      .getByText(/^Connected/)
      .waitFor();
    expect(await app.lostBanner.count()).toBe(0);
    expect(app.takeComplaints().filter((each) => !LINE_LOST.test(each))).toEqual([]);
  });

  it('comes back by itself when only the line was cut, with what came in between', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.visit('about:blank');
    const lines: { cut(): void }[] = [];
    let refusing = false;
    await app.page.routeWebSocket('**/api/ws', (socket) => {
      if (refusing) {
        void socket.close();
        return;
      }
      const server = socket.connectToServer();
      let isCut = false;
      // Forwarded here, not by the driver: it would go on sending into the closed line what the page said before it knew.
      socket.onMessage((message) => {
        if (!isCut) server.send(message);
      });
      lines.push({
        cut() {
          isCut = true;
          void server.close();
          void socket.close();
        },
      });
    });
    await app.page.goto(gateway.ready.ui);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'before' } });
    await app.traces.rowsOf('echo_text').waitFor();

    refusing = true;
    for (const line of lines) line.cut();
    await app.lostBanner.waitFor();
    await session.client.callTool({ name: 'echo_meta', arguments: {} });
    refusing = false;
    await app.lostBanner.waitFor({ state: 'hidden' });
    await app.traces.rowsOf('echo_meta').waitFor();
    expect(await app.traces.rowsOf('echo_text').count()).toBe(1);
    await soon(() => app.toolbar.state.innerText()).toBe('Live');
  });
});
