import type { JsonObject } from '../frame/frame.ts';
import { LIST_METHODS, readList, type ListKind } from '../upstream/catalog.ts';
import { callServer } from '../upstream/server-call.ts';
import { orAborted } from '../upstream/session-pool.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import { resultAnswer, type Answer } from './answer.ts';
import type { ClientCall } from './forward.ts';
import { exposedName } from './names.ts';

export interface AggregateOptions {
  readonly servers: ServerRegistry;
  /** Between a server's prefix and its own name for a tool or prompt. */
  readonly toolNameSeparator: string;
}

const CONNECT_PATIENCE_MILLIS = 5_000;

/** One list over all servers, in their order. A server that fails is left out: its own state tells why. */
export async function aggregateList(call: ClientCall, kind: ListKind, options: AggregateOptions): Promise<Answer> {
  const servers = options.servers.all();
  const lists = await Promise.all(servers.map((server) => listOf(call, kind, server)));
  const items = servers.flatMap((server, index) => exposed(server, kind, lists[index] ?? [], options));
  return resultAnswer(call.request.idText, { [LIST_METHODS[kind].member]: items }, { what: kind, value: items.length });
}

async function listOf(call: ClientCall, kind: ListKind, server: UpstreamServer): Promise<readonly JsonObject[]> {
  const { session, operation, signal } = call;
  try {
    await settledSoon(server, signal);
    if (!(LIST_METHODS[kind].capability in (server.status().introduction?.capabilities ?? {}))) return [];
    const list = await readList(kind, (request) =>
      callServer({ server, owner: session, operation, request, signal, target: null, onRelated: null }),
    );
    return list.items;
  } catch {
    // Its span and its state in the list of servers carry the reason; the others' items must not wait for it.
    return [];
  }
}

/**
 * Waits a little for a server that is just connecting. One that takes longer is left out for now: its list is announced
 * by `list_changed` when it is there.
 */
export async function settledSoon(server: UpstreamServer, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_PATIENCE_MILLIS)]);
  await orAborted(server.settled(), patience).catch(() => {
    signal.throwIfAborted();
  });
}

function exposed(
  server: UpstreamServer,
  kind: ListKind,
  items: readonly JsonObject[],
  { toolNameSeparator }: AggregateOptions,
): readonly JsonObject[] {
  if (kind === 'resource' || kind === 'resource_template') return items;
  return items.flatMap((item) => {
    const { name } = item;
    return typeof name === 'string' ? [{ ...item, name: exposedName(server, name, toolNameSeparator) }] : [];
  });
}
