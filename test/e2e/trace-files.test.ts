import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { readOtlp } from '../support/otlp.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const BODY = 'only-in-the-body-of-it';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/otlp/files/${name}`, import.meta.url));

async function called(gateway: GatewayProcess, app: AppWindow, ...tools: readonly string[]): Promise<void> {
  await using session = await sdkClient(gateway, '/servers/bench/mcp');
  for (const name of tools) await session.client.callTool({ name, arguments: { text: BODY } });
  await app.traces.rowsOf(tools.at(-1) ?? '').waitFor();
}

async function outlineOf(app: AppWindow, call: string): Promise<unknown> {
  await app.traces.open(call);
  await soon(() => app.trace.sentence.innerText()).toContain('answered in');
  return app.trace.outline();
}

describe('traces saved as a file', () => {
  it('R22: hold no bodies unless they are asked for, and those of a filter hold no others', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await called(gateway, app, 'echo_text', 'echo_meta');
    await app.press('/');
    await app.page.keyboard.type('tool:echo_text');
    await app.press('Enter');
    await soon(async () => (await app.traces.lines()).length).toBe(1);
    await app.press('x');
    await app.files.saveDialog.getByText(/Nothing of what was sent or answered/).waitFor();
    const bare = await app.files.save('All that the filter shows');
    const spans = readOtlp(JSON.parse(bare.bytes.toString('utf8')));
    expect(spans.flatMap(({ attributes }) => attributes['gen_ai.tool.name'] ?? [])).toContain('echo_text');
    expect(spans.flatMap(({ attributes }) => attributes['gen_ai.tool.name'] ?? [])).not.toContain('echo_meta');
    expect(bare.bytes.toString('utf8')).not.toContain(BODY);
    await app.files.saveDialog.getByText(/^Saved as traces\.otlp\.json: 1 trace,/).waitFor();

    const full = await app.files.save('With what was sent and answered', 'JSON Lines');
    expect(full.name).toBe('traces.otlp.jsonl');
    expect(full.bytes.toString('utf8')).toContain(BODY);
  });

  it('are opened again in another gateway, a session with everything in it', async ({ stage }) => {
    const first = await stage.startGateway({ config });
    const app = await stage.open(first);
    await called(first, app, 'echo_text');
    const outline = await outlineOf(app, 'echo_text');
    await app.press('x');
    const session = await app.files.save('Session file');
    expect(session.name).toMatch(/\.session\.jsonl$/);

    const other = await stage.open(await stage.startGateway());
    await other.start.addServer.waitFor();
    await other.press('Control+o');
    await other.files.choose(session.path);
    await soon(() => other.files.reports.first().innerText()).toMatch(/1 trace · 5 spans · [1-9]\d* bodies/);
    await other.files.close();
    await soon(() => other.trace.heading.innerText()).toBe('echo_text');
    await soon(() => other.trace.outline()).toEqual(outline);
    await other.detail.show('Payload');
    await soon(() => other.detail.payload.innerText()).toContain(BODY);
  });

  it('as protobuf are opened again as well', async ({ stage }) => {
    const first = await stage.startGateway({ config });
    const app = await stage.open(first);
    await called(first, app, 'echo_text');
    const outline = await outlineOf(app, 'echo_text');
    await app.press('x');
    const saved = await app.files.save('Protobuf');
    const other = await stage.open(await stage.startGateway());
    await other.start.addServer.waitFor();
    await other.press('Control+o');
    await other.files.choose(saved.path);
    await soon(() => other.files.reports.first().innerText()).toMatch(/protobuf · 1 trace · 5 spans/);
    await other.files.close();
    await soon(() => other.trace.outline()).toEqual(outline);
  });
});

describe('files dropped on the window', () => {
  it('of other tools are read, say what they were, and are shown', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.traces.grid
      .or(app.page.getByRole('heading', { name: 'Waiting for the first call' }))
      .first()
      .waitFor();
    await app.files.holdOver(fixture('jaeger.json'));
    await app.files.overlay.waitFor();
    await app.files.drop(fixture('jaeger.json'));
    await app.files.overlay.waitFor({ state: 'detached' });
    await soon(() => app.files.reports.first().innerText()).toMatch(/Jaeger/);
    await app.files.close();
    await app.trace.pane.waitFor();
    await soon(() => app.trace.spans.count()).toBeGreaterThan(1);
  });

  it('that nobody can read say so in a sentence, beside those that could be read', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.files.openButton.click();
    await app.files.choose(fixture('other.json'), fixture('otlp.json'));
    await soon(() => app.files.reports.count()).toBe(2);
    await soon(() => app.files.reports.first().getByRole('alert').innerText()).toMatch(/\.$/);
    await soon(() => app.files.reports.last().innerText()).toMatch(/OTLP/);
    await app.files.openDialog.getByText('Done, but 1 of 2 could not be read.').waitFor();
  });

  it('S5: are not taken from a page that may only look', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config, manage: false }));
    await app.files.openButton.click();
    await app.files.openDialog.getByText('This page may look but not open files.').waitFor();
    expect(await app.files.openDialog.getByRole('button', { name: /Choose/ }).count()).toBe(0);
  });
});
