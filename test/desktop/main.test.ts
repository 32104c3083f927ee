import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONNECT_CHANNEL } from '../../src/desktop/ipc/channels.ts';
import type { Contract } from '../../src/shared/contract/contract.ts';
import { createPortPair, type PortPair } from '../support/electron/message-port.ts';
import { ipcEvent } from '../support/electron/web-contents.ts';
import type { WindowDouble } from '../support/electron/window.ts';
import { createElectronDouble } from '../support/electron-double.ts';
import { eventually } from '../support/eventually.ts';

const double = createElectronDouble();

// The app's main module, with nothing of it replaced but Electron.
vi.mock('electron', () => double.electron);

describe('the desktop app with everything of its own', () => {
  let folder: string;
  let window: WindowDouble;
  let pair: PortPair;
  let client: ContractRouterClient<Contract>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-main-'));
    vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'config'));
    vi.stubEnv('THROUGHLINE_STATE_DIR', join(folder, 'state'));
    vi.stubEnv('THROUGHLINE_PORT', '0');
    await import('../../src/desktop/main.ts');
    double.becomesReady();
    window = await eventually('a window opens', () => double.windows[0] ?? null);
    pair = createPortPair();
    const { contents: sender, mainFrame: senderFrame } = window.page;
    double.sendIpc(CONNECT_CHANNEL, ipcEvent({ sender, senderFrame, ports: [pair.main] }));
    client = createORPCClient(new RPCLink({ port: pair.page }));
  });

  afterAll(async () => {
    pair.page.close();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('S5: its window may manage, and is told where clients connect but never the token', async () => {
    const info = await client.app.info();
    expect(info).toMatchObject({ host: 'desktop', canManage: true, mcpUrl: `${info.origin}/mcp` });
    const token = (await readFile(join(folder, 'config', 'throughline', 'token'), 'utf8')).trim();
    expect(JSON.stringify(info)).not.toContain(token);
    expect(info.tokenFile).toBe(join(folder, 'config', 'throughline', 'token'));
  });

  it("keeps secrets behind the system's own key", async () => {
    const file = join(folder, 'config', 'throughline', 'secrets.json');
    expect((await client.app.info()).secretStorage).toEqual({ kind: 'keychain', file });
  });

  it('plays the demo through its own gateway, and the window sees the traces', async () => {
    await client.demo.play();
    const feed = await eventually('a trace is listed', async () => {
      const { traces } = await client.traces.feed({ cursor: null, query: '', limit: 10, waitMs: 0 });
      return traces.length > 0 && traces;
    });
    expect(feed[0]?.spanCount).toBeGreaterThan(0);
  });

  it('S5: hands out nothing with which a page over HTTP could manage', async () => {
    const [file] = await readdir(join(folder, 'state'));
    const state = JSON.parse(await readFile(join(folder, 'state', file ?? ''), 'utf8')) as { operatorSecret: unknown };
    expect(state.operatorSecret).toBeNull();
  });

  it('ends its gateway when its window is closed', async () => {
    const { origin } = await client.app.info();
    window.userCloses();
    await eventually('the app ends', () => double.exitCode() !== null);
    expect(double.exitCode()).toBe(0);
    await expect(fetch(`${origin}/health`)).rejects.toThrow();
  });
});
