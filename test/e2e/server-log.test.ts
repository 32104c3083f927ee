import { describe, expect } from 'vitest';
import { misbehavingStdio, workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio(), leaky: misbehavingStdio('secrets-on-stderr') } };

async function print(gateway: GatewayProcess, ...texts: readonly string[]): Promise<void> {
  await using session = await sdkClient(gateway, '/servers/bench/mcp');
  for (const text of texts) await session.client.callTool({ name: 'write_stderr', arguments: { text } });
}

describe('the log of a server', () => {
  it('shows what was printed and what comes, finds in it, and closes with Escape', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await print(gateway, 'printed before it was opened');
    await app.sources.unfold('bench');
    await app.sources
      .server('bench')
      .getByRole('button', { name: /^Server log of bench/ })
      .click();
    await app.log.line('printed before it was opened').waitFor();
    await print(gateway, 'printed while it is open', 'the needle in it');
    await app.log.line('printed while it is open').waitFor();

    await app.log.find.fill('NEEDLE');
    await soon(() => app.log.lines.innerText()).toMatch(/^\s*\d\d:\d\d:\d\d\.\d{3}\s+the needle in it\s*$/);
    await app.press('Escape');
    await app.log.line('printed while it is open').waitFor();
    await app.log.lines.focus();
    await app.press('Escape');
    await app.log.pane.waitFor({ state: 'hidden' });
  });

  it('holds no secret that a server prints', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.sources
      .server('leaky')
      .getByText(/^Connected/)
      .waitFor();
    await app.press('l');
    await app.log.server.selectOption('leaky');
    await app.log.line(/connecting with Authorization/).waitFor();
    await app.log.line(/password=/).waitFor();
    expect(await app.everything()).not.toMatch(/stderr-secret-471/);
    expect(await app.log.lines.innerText()).not.toContain('\u001b');
  });

  it('stands at its call: the lines printed meanwhile, and from there the whole log', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await print(gateway, 'about the first call', 'about the second call');
    await soon(() => app.traces.rowsOf('write_stderr').count()).toBe(2);
    await app.traces.open('write_stderr');
    await app.detail.show('Server log');
    await soon(() => app.detail.logLines.allInnerTexts()).toHaveLength(1);
    expect(await app.detail.logLines.first().innerText()).toMatch(/^\+[\d.]+ (µs|ms|s)\s+about the second call/);
    expect(await app.detail.tab('Server log').innerText()).toMatch(/1$/);

    await app.detail.logLines.first().hover();
    await app.detail.pane.getByRole('button', { name: 'Show this line in the whole log' }).click();
    await app.log.line('about the second call').waitFor();
    await app.log.line('about the first call').waitFor();
    expect(await app.log.server.inputValue()).toBe('bench');
  });
});
