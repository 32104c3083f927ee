import type { ServerRegistry } from '../../gateway/upstream/server-registry.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { StdioServerConfig } from '../../shared/domain/server.ts';
import type { DemoPlayer } from '../services.ts';
import { createDemoSession, type DemoSession } from './session.ts';

export interface DemoPlayerOptions {
  readonly servers: ServerRegistry;
  /** The bundled server's module. */
  readonly demoServer: string;
  /** Origin of the running gateway. */
  readonly origin: () => string;
  readonly token: string;
}

export interface StoppableDemoPlayer extends DemoPlayer {
  stop(): Promise<void>;
}

const DEMO_SERVER = 'demo' as ServerId;

/** Playing again ends the session before: its call that is never answered shows as cancelled. */
export function createDemoPlayer({ servers, demoServer, origin, token }: DemoPlayerOptions): StoppableDemoPlayer {
  let current: { readonly session: DemoSession; readonly ending: AbortController } | null = null;

  async function stop(): Promise<void> {
    current?.ending.abort();
    await current?.session.ended;
    current = null;
  }

  return {
    async play() {
      await stop();
      if (servers.get(DEMO_SERVER)?.status().state !== 'connected')
        await servers.add(DEMO_SERVER, configOf(demoServer));
      const ending = new AbortController();
      const mcpUrl = `${origin()}/servers/${DEMO_SERVER}/mcp`;
      const session = createDemoSession({ mcpUrl, token, fetch: globalThis.fetch, signal: ending.signal });
      current = { session, ending };
      await session.begun;
    },
    stop,
  };
}

/** Bundled with the app, so playing it needs no consent beyond pressing the button. Electron's binary runs it as Node. */
function configOf(demoServer: string): StdioServerConfig {
  const env: Record<string, string> = 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  return { type: 'stdio', command: process.execPath, args: [demoServer], env, cwd: null };
}
