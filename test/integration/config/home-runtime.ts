import { createRouterClient } from '@orpc/server';
import { openAppHome, type SecretProtection } from '../../../src/runtime/app-home.ts';
import { locateAssets } from '../../../src/runtime/assets.ts';
import { startRuntime, type RunningRuntime } from '../../../src/runtime/create-runtime.ts';
import { createLineLogger } from '../../../src/runtime/log.ts';
import type { ServerFeed } from '../../../src/shared/contract/messages.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { ServerConfig, ServerView } from '../../../src/shared/domain/server.ts';
import { eventually } from '../../support/eventually.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';

const SOURCES = new URL('../../../src/cli/main.ts', import.meta.url).href;

export interface HomeRuntimeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Where traces are kept; in memory unless given. */
  readonly dataDir?: string;
  readonly protection?: SecretProtection;
}

/** The whole runtime over an app's folder, with a page that may manage. */
export interface HomeRuntime extends AsyncDisposable {
  readonly runtime: RunningRuntime;
  readonly page: ReturnType<typeof pageOf>;
  /** Any address of the gateway, with the token. */
  readonly rest: GatewayProcess['rest'];
  /** Everything that the log was told. */
  log(): string;
  /** Adds a server as a page does: proposes it and agrees. */
  add(id: ServerId, config: ServerConfig): Promise<void>;
  server(id: ServerId): Promise<ServerView>;
  /** Waits until the server is as it should be. */
  until(id: ServerId, state: ServerView['state']): Promise<ServerView>;
}

function pageOf(runtime: RunningRuntime) {
  return createRouterClient(runtime.router, { context: { canManage: true } });
}

export async function startHomeRuntime(folder: string, options: HomeRuntimeOptions = {}): Promise<HomeRuntime> {
  const environment = { PATH: process.env['PATH'], HOME: folder, ...options.environment };
  const home = await openAppHome(folder, environment, options.protection);
  let log = '';
  const runtime = await startRuntime({
    config: home.config,
    home,
    port: 0,
    token: home.token,
    tokenFile: home.tokenFile,
    dataDir: options.dataDir ?? null,
    manage: true,
    host: 'headless',
    stateFile: false,
    log: createLineLogger({ write: (text: string) => (log += text) }),
    assets: locateAssets(SOURCES),
    environment,
  });
  const page = pageOf(runtime);
  const watch = (): Promise<ServerFeed> => page.servers.watch({ cursor: null, waitMs: 0 });

  async function server(id: ServerId): Promise<ServerView> {
    const found = (await watch()).servers.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found;
  }

  return {
    runtime,
    page,
    rest(path, init = {}) {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${home.token}`);
      return fetch(new URL(path, runtime.origin), { ...init, headers });
    },
    log: () => log,
    async add(id, config) {
      const { proposalId } = await page.servers.propose({ id, config: JSON.parse(JSON.stringify(config)) as never });
      await page.servers.confirm({ proposalId });
    },
    server,
    until: (id, state) =>
      eventually(`${id} is ${state}`, async () => {
        const view = await server(id);
        return view.state === state ? view : null;
      }),
    async [Symbol.asyncDispose]() {
      await runtime.stop();
    },
  };
}
