import { describe, expect } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };

async function call(gateway: GatewayProcess, tool: string, text = 'said'): Promise<string> {
  await using session = await sdkClient(gateway, '/servers/bench/mcp');
  return JSON.stringify(await session.client.callTool({ name: tool, arguments: { text } }));
}

describe('the page about settings', () => {
  it('R92: stops recording while calls go on, says so above everything, and records again', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.settings.open();
    await app.settings.switchOf('Record calls').click();
    await app.settings.notRecording.waitFor();
    expect(await call(gateway, 'echo_text', 'passes all the same')).toContain('passes all the same');

    await app.press('Control+1');
    await app.settings.notRecording.click();
    await app.settings.switchOf('Record calls').click();
    await app.settings.notRecording.waitFor({ state: 'detached' });
    await call(gateway, 'echo_meta');
    await app.press('Control+1');
    await app.traces.rowsOf('echo_meta').waitFor();
    expect(await app.traces.rowsOf('echo_text').count()).toBe(0);
  });

  it('names spans by the conventions from the next call on, and they read as those by step do', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.settings.open();
    const naming = app.settings.row('Names of spans');
    await naming.getByRole('radio', { name: 'By OpenTelemetry’s conventions' }).check();
    await soon(() => naming.getByRole('radio', { name: 'By step' }).isChecked()).toBe(false);
    await call(gateway, 'echo_text');
    await app.press('Control+1');
    await app.traces.open('echo_text');
    await soon(() => app.trace.outline()).toEqual([
      [1, 'POST /servers/{id}/mcp'],
      [2, 'tools/call'],
      [3, 'tools/call'],
      [4, 'mcp.client.request'],
      [4, 'mcp.client.response'],
    ]);
    await app.trace.row('tools/call echo_text → bench').waitFor();
    await soon(() => app.detail.spanName.innerText()).toBe('tools/call echo_text');
    await soon(() => app.trace.sentence.innerText()).toContain('called “echo_text”. bench answered in');
  });

  it('keeps no answers once it is told so, and those of named spans alone when they are named', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.settings.open();
    const contents = app.settings.row('Keep what was sent and answered');
    await contents.getByLabel('Responses', { exact: true }).selectOption('None');
    await contents.getByLabel('Requests', { exact: true }).selectOption('Of some spans…');
    await contents.getByRole('textbox', { name: 'Names of spans for requests' }).fill('resource.read');
    await contents.getByRole('button', { name: 'Apply' }).click();
    await soon(() => contents.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await call(gateway, 'echo_text', 'never-kept-at-all');
    await app.press('Control+1');
    await app.traces.open('echo_text');
    await soon(() => app.trace.sentence.innerText()).toContain('answered in');
    await soon(() => app.detail.tab('Payload').innerText()).toBe('Payload');
    await app.detail.show('Payload');
    expect(await app.everything()).not.toContain('never-kept-at-all');
  });

  it('R89: lets go of the oldest traces when less is kept, once it has said what goes', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await call(gateway, 'echo_text');
    await call(gateway, 'echo_meta');
    await app.traces.rowsOf('echo_meta').waitFor();
    await app.settings.open();
    const kept = app.settings.row('How much is kept');
    await kept.getByRole('textbox', { name: 'Traces' }).fill('some');
    await kept.getByRole('button', { name: 'Keep so much' }).click();
    await kept.getByText('A whole number up to 10,000,000, or empty.').waitFor();
    await kept.getByRole('textbox', { name: 'Traces' }).fill('1');
    await kept.getByText(/go at once\. They cannot be had back\.$/).waitFor();
    await kept.getByRole('button', { name: 'Keep so much' }).click();
    await soon(() => app.settings.row('Kept now').innerText()).toMatch(/\n1 trace with/);
    await kept.getByRole('button', { name: 'Keep so much' }).waitFor({ state: 'detached' });
  });

  it('says what the command line decides, and offers no switch for it', async ({ stage }) => {
    const dataDir = temporaryFolder();
    const app = await stage.open(await stage.startGateway({ config, args: ['--data-dir', dataDir] }));
    await app.settings.open();
    const history = app.settings.row('Keep history on disk');
    await history.getByText(/started with --data-dir/).waitFor();
    expect(await app.settings.switchOf('Keep history on disk').isDisabled()).toBe(true);
    expect(await app.settings.isOn('Keep history on disk')).toBe(true);
    expect(await history.innerText()).toContain(dataDir);
  });

  it('S27: tells how to send spans here without any token', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.settings.open();
    const receiver = app.settings.row('Receive spans over OTLP');
    await receiver.getByText(`${gateway.origin}/v1/traces`, { exact: true }).waitFor();
    await receiver.getByText('Point an agent or a server at it').click();
    await receiver.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${gateway.origin}`).waitFor();
    expect(await app.everything()).not.toContain(gateway.token);
  });

  it('S5: lets a page that may only look see everything and change nothing', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config, manage: false }));
    await app.settings.open();
    await app.settings.main.getByText('This page may look but not change settings.').waitFor();
    const switches = app.settings.main.getByRole('switch');
    await soon(() => switches.count()).toBe(4);
    for (const each of await switches.all()) expect(await each.isDisabled()).toBe(true);
    for (const each of await app.settings.main.getByRole('textbox').all()) expect(await each.isDisabled()).toBe(true);
  });
});
