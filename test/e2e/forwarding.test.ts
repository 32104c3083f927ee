import { afterEach, describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const SECRET = 'Bearer sent-and-never-shown-7731';

const receivers: OtlpReceiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function receiver(): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver();
  receivers.push(started);
  return started;
}

describe('an endpoint that traces are sent to', () => {
  it('R85, R25: is added once what leaves was seen, then gets the spans of a real call, and never shows its headers’ values', async ({
    stage,
  }) => {
    const backend = await receiver();
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'before' } });
    await app.traces.rowsOf('echo_text').waitFor();

    await app.exports.open();
    await app.exports.add.click();
    await app.exports.fill({
      name: 'Backend',
      address: backend.origin,
      filter: 'tool:echo_text',
      header: ['authorization', SECRET],
    });
    await app.exports.form.getByText(/^1 of the \d+ kept now would leave\.$/).waitFor();
    await app.exports.form.getByRole('button', { name: 'See what leaves…' }).click();
    await soon(() => app.exports.factOf('To')).toContain(`${backend.origin}/v1/traces`);
    expect(await app.exports.factOf('Headers')).toBe('authorization');
    expect(await app.exports.factOf('Traces')).toMatch(/^1 of the \d+ kept now match/);
    expect(await app.exports.factOf('Bodies')).toBe('none leave');
    await app.exports.preview.getByRole('region', { name: 'The newest of them as OTLP/JSON' }).waitFor();
    expect(backend.headers()).toEqual([]);

    await app.exports.preview.getByRole('button', { name: 'Try it' }).click();
    await soon(() => app.exports.trial.innerText()).toMatch(new RegExp(`^${backend.origin}.* takes traces`));
    expect(backend.spans()).toEqual([]);
    await app.exports.preview.getByRole('button', { name: 'Save and send' }).click();
    await app.exports.endpoint('Backend').waitFor();

    await session.client.callTool({ name: 'echo_meta', arguments: {} });
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'after' } });
    const sent = await backend.waitForSpan('the call was sent', ({ name }) => name === 'tool.invoke');
    expect(sent.attributes['gen_ai.tool.name']).toBe('echo_text');
    expect(backend.headers().at(-1)?.authorization).toBe(SECRET);
    const row = app.exports.endpoint('Backend');
    await soon(() => row.innerText()).toMatch(/Sent\s+1 trace · 5 spans/);
    await soon(() => row.innerText()).toContain('Up to date');
    expect(backend.spans().some(({ attributes }) => attributes['gen_ai.tool.name'] === 'echo_meta')).toBe(false);

    await row.getByRole('button', { name: 'Edit Backend' }).click();
    await app.exports.form.getByText('saved, not shown').waitFor();
    expect(await app.everything()).not.toContain(SECRET);
    await app.press('Escape');
  });

  it('is switched off at once and on only after what leaves was seen, and is removed when that is confirmed', async ({
    stage,
  }) => {
    const backend = await receiver();
    const app = await stage.open(await stage.startGateway({ config }));
    await app.exports.open();
    await app.exports.add.click();
    await app.exports.fill({ name: 'Backend', address: backend.origin });
    await app.exports.form.getByRole('button', { name: 'See what leaves…' }).click();
    await app.exports.preview.getByRole('button', { name: 'Save and send' }).click();
    const row = app.exports.endpoint('Backend');
    const onOff = row.getByRole('switch', { name: 'Send to Backend' });
    await onOff.click();
    await soon(() => row.innerText()).toContain('Off');
    await onOff.click();
    await app.exports.preview.waitFor();
    await app.exports.preview.getByRole('button', { name: 'Cancel' }).click();
    expect(await onOff.getAttribute('aria-checked')).toBe('false');
    await onOff.click();
    await app.exports.preview.getByRole('button', { name: 'Save and send' }).click();
    await soon(() => onOff.getAttribute('aria-checked')).toBe('true');

    await row.getByRole('button', { name: 'Remove' }).click();
    await row.getByRole('button', { name: 'Remove it?' }).click();
    await app.exports.main.getByText('No endpoint yet').waitFor();
  });

  it('R84: that nobody answers at fails in plain sight, while calls go on', async ({ stage }) => {
    const backend = await receiver();
    await backend.close();
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.exports.open();
    await app.exports.add.click();
    await app.exports.fill({ name: 'Gone', address: backend.origin });
    await app.exports.form.getByRole('button', { name: 'See what leaves…' }).click();
    await app.exports.preview.getByRole('button', { name: 'Save and send' }).click();
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    const row = app.exports.endpoint('Gone');
    await soon(() => row.innerText()).toContain('Failing');
    await row.getByRole('alert').waitFor();
  });

  it('of the environment is there to be seen, not to be changed; a page that may only look changes none', async ({
    stage,
  }) => {
    const backend = await receiver();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: backend.origin };
    const app = await stage.open(await stage.startGateway({ config, env, manage: false }));
    await app.exports.open();
    const row = app.exports.endpoints.getByRole('listitem').first();
    await row.getByText('From the environment').waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await app.exports.main.getByText('This page may look but not change where traces are sent.').waitFor();
    expect(await app.exports.add.isDisabled()).toBe(true);
  });
});
