import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
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
