import { createVirtualServers, type VirtualServers } from '../../src/gateway/routing/virtual-servers.ts';
import type { ServerRegistry } from '../../src/gateway/upstream/server-registry.ts';
import type { UpstreamSettings } from '../../src/gateway/upstream/settings.ts';
import type { ServerStatus, UpstreamServer } from '../../src/gateway/upstream/upstream-server.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerConfig, ServerLogLine } from '../../src/shared/domain/server.ts';
import { createListeners } from '../../src/shared/kernel/listeners.ts';

/** Servers that start nothing: their state and lines are what the test says. */
export interface FakeRegistry {
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  /** What was asked of it, in order. */
  readonly calls: readonly string[];
  /** The configuration that each server was last started with. */
  readonly started: ReadonlyMap<ServerId, ServerConfig>;
  put(id: ServerId): Promise<void>;
  print(id: ServerId, ...lines: readonly string[]): void;
  set(id: ServerId, status: Partial<ServerStatus>): void;
}

const KEPT_LINES = 1_000;
const STATUS: ServerStatus = {
  state: 'connected',
  failure: null,
  pid: null,
  introduction: null,
  catalog: { tools: [], prompts: [], resources: [], resourceTemplates: [] },
  retryAt: null,
};

interface FakeServer {
  status: ServerStatus;
  newest: number;
  readonly lines: ServerLogLine[];
  readonly upstream: UpstreamServer;
}

function createFakeServer(id: ServerId, config: ServerConfig, onStop: () => void): FakeServer {
  const fake: FakeServer = {
    status: STATUS,
    newest: 0,
    lines: [],
    upstream: {
      id,
      prefix: id,
      config,
      settings: { sessions: 'dedicated' } as UpstreamSettings,
      log: {
        get newest() {
          return fake.newest;
        },
        since: (number: number) => fake.lines.filter((line) => line.number > number),
      },
      status: () => fake.status,
      stop: () => {
        fake.status = { ...fake.status, state: 'stopped' };
        onStop();
        return Promise.resolve();
      },
    } as Partial<UpstreamServer> as UpstreamServer,
  };
  return fake;
}

export function createFakeRegistry(): FakeRegistry {
  const fakes = new Map<string, FakeServer>();
  const changes = createListeners<undefined>();
  const calls: string[] = [];
  const started = new Map<ServerId, ServerConfig>();
  const changed = (): void => {
    changes.emit(undefined);
  };

  function put(id: ServerId, config: ServerConfig, status: Partial<ServerStatus>): Promise<void> {
    const fake = createFakeServer(id, config, () => {
      calls.push(`stop ${id}`);
      changed();
    });
    fakes.set(id, fake);
    set(id, status);
    return Promise.resolve();
  }

  function known(id: string): FakeServer {
    const fake = fakes.get(id);
    if (fake === undefined) throw new Error(`There is no ${id}.`);
    return fake;
  }

  function set(id: ServerId, status: Partial<ServerStatus>): void {
    const fake = known(id);
    fake.status = { ...fake.status, ...status };
    changed();
  }

  const servers: ServerRegistry = {
    add(id, config) {
      calls.push(`add ${id}`);
      started.set(id, config);
      return put(id, config, {});
    },
    hold(id, config, why) {
      calls.push(`hold ${id}`);
      return put(id, config, { state: 'failed', failure: why });
    },
    remove(id) {
      calls.push(`remove ${id}`);
      fakes.delete(id);
      changed();
      return Promise.resolve();
    },
    get: (id) => fakes.get(id)?.upstream,
    all: () => [...fakes.values()].map(({ upstream }) => upstream),
    onChange: (listener) => changes.add(listener),
    onConnected: () => () => undefined,
    onUnasked: () => () => undefined,
    stop: () => Promise.resolve(),
  };

  return {
    servers,
    virtualServers: createVirtualServers(),
    calls,
    started,
    put: (id) => put(id, { type: 'stdio', command: 'x', args: [], env: {}, cwd: null }, {}),
    print(id, ...lines) {
      const fake = known(id);
      for (const text of lines) {
        fake.newest += 1;
        fake.lines.push({ number: fake.newest, at: 1_750_000_000_000, from: 'stderr', text });
        if (fake.lines.length > KEPT_LINES) fake.lines.shift();
        changed();
      }
    },
    set,
  };
}
