import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDesktopHost } from '../../src/desktop/desktop-host.ts';
import { openAppHome } from '../../src/runtime/app-home.ts';
import type { GatewayState } from '../../src/runtime/state-file.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { createElectronDouble } from '../support/electron-double.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { answerText, openRawSession } from '../support/raw-session.ts';
import { writeShellScript } from '../support/shell-script.ts';

const MAIN = new URL('../../src/desktop/main.ts', import.meta.url).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-desktop-host-'));
  vi.stubEnv('THROUGHLINE_STATE_DIR', join(folder, 'state'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function runningGateway(): Promise<GatewayState> {
  const [file = ''] = await readdir(join(folder, 'state'));
  return JSON.parse(await readFile(join(folder, 'state', file), 'utf8')) as GatewayState;
}

describe('the host of the desktop app', () => {
  it("starts servers with the PATH of the user's login shell", async () => {
    const saysPath = 'for last; do :; done; PATH="/from/login:$PATH"; eval "$last"';
    const SHELL = await writeShellScript(join(folder, 'fake-shell'), saysPath);
    const environment = { PATH: '/usr/bin:/bin', SHELL, XDG_CONFIG_HOME: folder, THROUGHLINE_PORT: '0' };
    const { shelf } = await openAppHome(join(folder, 'throughline'), environment);
    const { command, args } = workbenchStdio();
    await shelf.save('local' as ServerId, { type: 'stdio', command, args, env: {}, cwd: null }, new Map());

    const { safeStorage } = createElectronDouble().electron;
    const runtime = await createDesktopHost(MAIN, environment, safeStorage).startRuntime();
    try {
      const { url, token, isUnattended } = await runningGateway();
      expect(isUnattended).toBe(false);
      const rest = (path: string, init: RequestInit = {}): Promise<Response> => {
        const headers = new Headers(init.headers);
        headers.set('authorization', `Bearer ${token}`);
        return fetch(url + path, { ...init, headers });
      };
      const session = await openRawSession({ rest }, '/servers/local/mcp');
      const said = JSON.parse(answerText(await session.callTool('echo_env', {}))) as Record<string, string>;
      expect(said['PATH']).toBe('/from/login:/usr/bin:/bin');
    } finally {
      await runtime.stop();
    }
  });
});
