import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

// One session for all clients: what ends is the server itself, not one client's part of it.
const config = { mcpServers: { bench: { ...workbenchStdio(), session: 'shared' }, other: workbenchStdio() } };

describe('a server that ends unasked', () => {
  it('is shown restarting with its reason and a countdown, then connected again; others are not touched', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    const server = app.sources.server('bench');
    await server.getByText(/^Connected/).waitFor();
    await app.sources.unfold('bench');
    const { Process: first } = await app.sources.factsOf('bench');
    expect(first).toMatch(/^\d+$/);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    const dying = session.client.callTool({ name: 'die', arguments: { code: 7 } }).catch(() => undefined);
    await Promise.all([
      dying,
      server.getByText(/^Restarting( in \d+ s|…)$/).waitFor(),
      server.getByText(/It is being restarted\./).waitFor(),
    ]);
    await server.getByText(/^Connected/).waitFor();
    expect(await server.getByText(/It is being restarted\./).count()).toBe(0);
    const { Process: second, ...facts } = await app.sources.factsOf('bench');
    expect(second).toMatch(/^\d+$/);
    expect(second).not.toBe(first);
    expect(facts).toMatchObject({ Session: 'One for all clients', Prefix: 'bench' });
    expect(facts['Endpoint']?.replaceAll(/\s/g, '')).toBe('/servers/bench/mcp');
    await app.sources
      .server('other')
      .getByText(/^Connected/)
      .waitFor();
    await app.traces.rowsOf('server.restart').first().waitFor();
  });
});

describe('stopping and starting', () => {
  it('keeps a server stopped until it is started, and says so to whoever calls it', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    const server = app.sources.server('bench');
    await server.getByText(/^Connected/).waitFor();
    await app.sources.unfold('bench');
    await server.getByRole('button', { name: 'Stop', exact: true }).click();
    await server.getByText('Stopped', { exact: true }).waitFor();
    expect(await server.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);

    await using session = await sdkClient(gateway, '/mcp');
    const { tools } = await session.client.listTools();
    expect(tools.every(({ name }) => !name.startsWith('bench'))).toBe(true);

    await server.getByRole('button', { name: 'Start: bench' }).click();
    await server.getByText(/^Connected/).waitFor();
    await soon(async () => (await session.client.listTools()).tools.some(({ name }) => name.startsWith('bench'))).toBe(
      true,
    );
  });

  it('is not offered to a page that may only look', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config, manage: false }));
    const server = app.sources.server('bench');
    await server.getByText(/^Connected/).waitFor();
    await app.sources.unfold('bench');
    await server.getByRole('button', { name: /^Server log/ }).waitFor();
    for (const name of ['Restart', 'Stop', 'Remove']) {
      expect(await server.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    expect(await app.sources.addVirtual.count()).toBe(0);
  });
});
