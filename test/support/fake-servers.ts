import type { ServerRegistry } from '../../src/gateway/upstream/server-registry.ts';
import type { Catalog, UpstreamServer } from '../../src/gateway/upstream/upstream-server.ts';
import { freePrefix } from '../../src/gateway/upstream/prefixes.ts';
import { createListeners } from '../../src/shared/kernel/listeners.ts';

/** A server's lists by name, URI or template alone. */
export interface FakeLists {
  readonly tools?: readonly string[];
  readonly prompts?: readonly string[];
  readonly resources?: readonly string[];
  readonly templates?: readonly string[];
}

type Registry = Pick<ServerRegistry, 'all' | 'get' | 'onChange'>;

export interface FakeServers {
  readonly registry: Registry;
  get(id: string): UpstreamServer;
  /** Gives a server these lists, as after it announced a change; adds it when it is new. */
  set(id: string, lists: FakeLists): void;
  remove(id: string): void;
}

/** Servers with lists and without anything behind them, for what only looks at lists. */
export function fakeServers(servers: Readonly<Record<string, FakeLists>>, separator = '__'): FakeServers {
  const entries = new Map<string, { readonly server: UpstreamServer; catalog: Catalog }>();
  const changes = createListeners<undefined>();

  function set(id: string, lists: FakeLists): void {
    const catalog = catalogOf(lists);
    const known = entries.get(id);
    if (known !== undefined) known.catalog = catalog;
    else {
      const prefix = freePrefix({ wanted: id, taken: [...entries.values()].map((e) => e.server.prefix), separator });
      const entry = { catalog, server: {} as UpstreamServer };
      entry.server = { id, prefix, status: () => ({ catalog: entry.catalog, state: 'connected' }) } as UpstreamServer;
      entries.set(id, entry);
    }
    changes.emit(undefined);
  }

  for (const [id, lists] of Object.entries(servers)) set(id, lists);
  const registry: Registry = {
    all: () => [...entries.values()].map(({ server }) => server),
    get: (id: string) => entries.get(id)?.server,
    onChange: (listener: () => void) => changes.add(listener),
  };
  return {
    registry,
    set,
    get(id) {
      const server = entries.get(id)?.server;
      if (server === undefined) throw new Error(`There is no server ${id}`);
      return server;
    },
    remove(id) {
      entries.delete(id);
      changes.emit(undefined);
    },
  };
}

function catalogOf({ tools = [], prompts = [], resources = [], templates = [] }: FakeLists): Catalog {
  return {
    tools: tools.map((name) => ({ name })),
    prompts: prompts.map((name) => ({ name })),
    resources: resources.map((uri) => ({ uri })),
    resourceTemplates: templates.map((uriTemplate) => ({ uriTemplate })),
  };
}
