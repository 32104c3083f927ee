import type { ServerId } from '../../shared/domain/ids.ts';
import type { Selection, VirtualMember, VirtualServerConfig } from '../../shared/domain/virtual-server.ts';
import type { Scope } from '../session/client-session.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { VirtualServers } from './virtual-servers.ts';

/** What can be chosen from a server; a resource is chosen by its URI, its templates only with all of its resources. */
export type ItemKind = keyof VirtualMember;

type MemberId = Pick<UpstreamServer, 'id'>;

/** What a client of several servers sees: which of them, and which of their items, under the servers' own names. */
export interface View {
  /** Of a virtual server; null where everything is seen. */
  readonly id: ServerId | null;
  readonly description: string | null;
  /** Those that exist, in the gateway's order. */
  servers(): readonly UpstreamServer[];
  shows(server: MemberId, kind: ItemKind, ownName: string): boolean;
  /** Nothing of this kind is left out, whatever the server comes to offer. */
  showsAll(server: MemberId, kind: ItemKind): boolean;
  /** Something of this kind may be shown. */
  showsAny(server: MemberId, kind: ItemKind): boolean;
  /** Names that were chosen one by one; empty where all are shown. */
  chosen(server: MemberId, kind: ItemKind): ReadonlySet<string>;
}

export interface Views {
  /** Null when there is no such virtual server (any more), and for endpoints of one server. */
  of(scope: Scope): View | null;
}

export interface ViewsOptions {
  readonly servers: Pick<ServerRegistry, 'all'>;
  readonly virtualServers: VirtualServers;
}

const NOTHING_CHOSEN: ReadonlySet<string> = new Set();

export function createViews({ servers, virtualServers }: ViewsOptions): Views {
  const everything: View = {
    id: null,
    description: null,
    servers: () => servers.all(),
    shows: () => true,
    showsAll: () => true,
    showsAny: () => true,
    chosen: () => NOTHING_CHOSEN,
  };
  // A definition is replaced as a whole, so what was made of it stays true.
  const partial = new WeakMap<VirtualServerConfig, View>();
  return {
    of(scope) {
      if (scope.kind === 'all') return everything;
      const config = scope.kind === 'virtual' ? virtualServers.get(scope.id) : undefined;
      if (scope.kind !== 'virtual' || config === undefined) return null;
      const known = partial.get(config);
      if (known?.id === scope.id) return known;
      const view = partialView(scope.id, config, servers);
      partial.set(config, view);
      return view;
    },
  };
}

/** Null stands for all. */
type Chosen = ReadonlySet<string> | null;

function partialView(id: ServerId, config: VirtualServerConfig, servers: Pick<ServerRegistry, 'all'>): View {
  const members = new Map<ServerId, Readonly<Record<ItemKind, Chosen>>>();
  for (const [serverId, { tools, prompts, resources }] of config.members)
    members.set(serverId, { tools: chosenOf(tools), prompts: chosenOf(prompts), resources: chosenOf(resources) });
  const chosen = (server: MemberId, kind: ItemKind): Chosen => {
    const member = members.get(server.id);
    return member === undefined ? NOTHING_CHOSEN : member[kind];
  };
  return {
    id,
    description: config.description,
    servers: () => servers.all().filter((server) => members.has(server.id)),
    shows: (server, kind, ownName) => chosen(server, kind)?.has(ownName) ?? true,
    showsAll: (server, kind) => chosen(server, kind) === null,
    showsAny: (server, kind) => chosen(server, kind)?.size !== 0,
    chosen: (server, kind) => chosen(server, kind) ?? NOTHING_CHOSEN,
  };
}

function chosenOf(selection: Selection): Chosen {
  return selection === 'all' ? null : new Set(selection);
}
