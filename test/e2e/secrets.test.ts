import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import type { DetailTab } from './pages/span-detail.ts';
import { it, soon } from './stage.ts';

const SECRETS = { password: 'correct-horse-5519-battery', api_key: 'key-88c1f0a9e44b27d1', token: 'tok-4f61d7730b9e' };
const MARKER = 'harmless-marker-beside-it';
const TABS: readonly DetailTab[] = ['Overview', 'Payload', 'Server log', 'Events', 'Raw'];

describe('a secret in the arguments of a call', () => {
  it('R101, S25: is nowhere in the page, while what stands beside it is, and the mask says which rule hid it', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config: { mcpServers: { bench: workbenchStdio() } } });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    const args = { text: MARKER, ...SECRETS };
    // Answered with its own arguments, so the secret travels both ways; once more as an error's text.
    await session.client.callTool({ name: 'echo_meta', arguments: args });
    await session.client.callTool({ name: 'fail', arguments: { message: `password=${SECRETS.password}`, ...args } });

    let seen = '';
    for (const call of ['echo_meta', 'fail']) {
      await app.traces.open(call);
      await soon(async () => (await app.trace.outline()).length).toBe(5);
      for (const [, span] of await app.trace.outline()) {
        await app.trace.span(span).click();
        await soon(() => app.detail.spanName.innerText()).toBe(span);
        for (const tab of TABS) {
          await app.detail.show(tab);
          seen += await app.everything();
        }
      }
      await app.trace.span('tool.invoke').click();
      await app.detail.show('Payload');
      for (const direction of ['Request', 'Response'] as const) {
        await app.detail.showPayload(direction);
        await soon(() => app.detail.payload.innerText()).toMatch(/text/);
        seen += await app.everything();
      }
      await app.detail.showPayload('Request');
      await soon(() => app.detail.payload.innerText()).toContain(MARKER);
      await soon(() => app.detail.payload.innerText()).toMatch(/"password": "[^"]*hidden by rule “.+”/);
    }
    expect(seen).toContain(MARKER);
    for (const secret of Object.values(SECRETS)) expect(seen).not.toContain(secret);
    expect(await app.traces.rowsOf('echo_meta').innerText()).toMatch(/\d+\s+hidden/);
    expect(await app.trace.sentence.innerText()).toMatch(/hidden in \d+ places\.$/);
  });
});

/** A different one for each place, so that one rule cannot cover for another. */
const PLANTED = {
  argument: 'planted-argument-7c1f33a9',
  url: 'planted-url-0b52d8e4',
  result: 'planted-result-91ae60f7',
  error: 'planted-error-3d7720bc',
  stderr: 'planted-stderr-e84f19a2',
};

/** Everything that a copy button of the page would put into the clipboard. */
function copied(app: AppWindow): Promise<string> {
  return app.page.evaluate(async () => {
    const texts: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void texts.push(text)) };
    Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    for (const button of document.querySelectorAll<HTMLElement>('button[aria-label^="Copy"]')) button.click();
    return texts.join('\n');
  });
}

describe('secrets planted in every place of a call', () => {
  it('S25: come into no part of the page and no clipboard, while the marker beside each does', async ({ stage }) => {
    const gateway = await stage.startGateway({ config: { mcpServers: { bench: workbenchStdio() } } });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    const call = (name: string, args: Readonly<Record<string, unknown>>) =>
      session.client.callTool({ name, arguments: args });
    const url = `https://ada@shop.example/?page=${MARKER}&token=${PLANTED.url}`;
    await call('echo_meta', { password: PLANTED.argument, url, note: MARKER });
    await call('echo_text', { text: JSON.stringify({ note: MARKER, client_secret: PLANTED.result }) });
    await call('write_stderr', { text: `${MARKER} Authorization: Bearer ${PLANTED.stderr}` });
    await call('rpc_error', { code: -32000, message: `${MARKER} refused, password=${PLANTED.error}` }).catch(
      () => null,
    );

    const seen = { page: '', clipboard: '' };
    const look = async (): Promise<void> => {
      seen.clipboard += await copied(app);
      seen.page += await app.everything();
    };
    for (const name of ['echo_meta', 'echo_text', 'write_stderr', 'rpc_error']) {
      await app.traces.open(name);
      for (const span of ['tool.invoke', 'mcp.client.call']) {
        await app.trace.span(span).click();
        await soon(() => app.detail.spanName.innerText()).toBe(span);
        for (const tab of [...TABS, 'Redaction'] as const) {
          await app.detail.show(tab);
          await look();
        }
      }
      await app.trace.span('tool.invoke').click();
      await app.detail.show('Payload');
      for (const direction of ['Request', 'Response'] as const) {
        await app.detail.showPayload(direction);
        await soon(() => app.detail.payload.innerText()).toContain('jsonrpc');
        await look();
      }
      await app.detail.show('Redaction');
      await soon(() => app.detail.hidden.count()).toBeGreaterThan(0);
      await look();
    }
    await app.press('l');
    await app.log.line(MARKER).first().waitFor();
    await look();

    for (const secret of Object.values(PLANTED)) {
      expect(seen.page).not.toContain(secret);
      expect(seen.clipboard).not.toContain(secret);
    }
    expect(seen.page).toContain(`page=${MARKER}`);
    expect(seen.page).toContain(`${MARKER} refused`);
    expect(seen.clipboard).toContain(`page=${MARKER}`);
    expect(seen.clipboard).toContain(`${MARKER} refused`);
    expect(seen.clipboard).toMatch(new RegExp(`${MARKER} Authorization: Bearer •••`));
  });
});
