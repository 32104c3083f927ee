import { leastFresh, NOT_TO_BE_KEPT, type Freshness } from '../era/freshness.ts';
import { isObject, type ResponseFrame } from '../frame/frame.ts';
import type { ResultCount } from '../observer.ts';
import { LIST_METHODS, type ListKind } from '../upstream/catalog.ts';
import { callServer } from '../upstream/server-call.ts';
import { orAborted } from '../upstream/session-pool.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateContext } from './aggregate.ts';
import { RPC_CODES, refusal, resultTextAnswer, type Answer } from './answer.ts';
import type { ClientCall } from './forward.ts';
import type { Held } from './list-cache.ts';
import { exposedItem, readItemTexts, type ListSource } from './list-items.ts';
import type { View } from './view.ts';

const CONNECT_PATIENCE_MILLIS = 5_000;

/** One page of a list over all servers that are seen, in their order. Never rejects but when the caller leaves. */
export function answerList(call: ClientCall, kind: ListKind, context: AggregateContext): Promise<Answer> {
  const count = (value: number): ResultCount => ({ what: kind, value });
  return answerPage(call, LIST_METHODS[kind], context, { items: () => allItems(call, kind, context), count });
}

const TASKS: ListSource = { method: 'tasks/list', member: 'tasks' };

/** As `answerList`, of the tasks that servers have for this client (MCP 2025-11-25); whose they are is remembered. */
export function answerTaskList(call: ClientCall, context: AggregateContext): Promise<Answer> {
  return answerPage(call, TASKS, context, { items: () => allTasks(call, context), count: () => undefined });
}

interface WholeList {
  readonly items: () => Promise<Held<readonly string[]>>;
  readonly count: (items: number) => ResultCount | undefined;
}

async function answerPage(
  { session, request }: ClientCall,
  { method, member }: ListSource,
  { client: { pages } }: AggregateContext,
  list: WholeList,
): Promise<Answer> {
  const cursor = request.params?.['cursor'] ?? null;
  const later = typeof cursor === 'string' ? pages.next(method, cursor) : null;
  const page = cursor === null ? pages.first(method, await list.items()) : later;
  if (page === null) {
    const message = 'This cursor is not valid (any more); ask for the list from its beginning, without a cursor.';
    return refusal(request.idText, RPC_CODES.invalidParams, message);
  }
  const next = page.nextCursor === null ? '' : `,"nextCursor":${JSON.stringify(page.nextCursor)}`;
  const resultSource = `{"${member}":[${page.items.join(',')}]${next}${hints(session, page.freshness)}}`;
  return resultTextAnswer(request.idText, resultSource, list.count(page.items.length));
}

/** Clients with a handshake know nothing of it. */
function hints({ kind }: ClientCall['session'], { ttlMs, cacheScope }: Freshness): string {
  return kind === 'stateless' ? `,"ttlMs":${ttlMs},"cacheScope":"${cacheScope}"` : '';
}

async function allTasks(call: ClientCall, context: AggregateContext): Promise<Held<readonly string[]>> {
  const { view, client } = context;
  const able = view.servers().filter((server) => {
    const tasks = server.status().introduction?.capabilities['tasks'];
    return isObject(tasks) && 'list' in tasks;
  });
  const lists = await Promise.all(
    able.map(async (server) => {
      try {
        const { value: texts } = await readItemTexts(TASKS, (request) => send({ ...call, request }, server, context));
        return texts.filter((text) => client.ownsTask(JSON.parse(text), server));
      } catch {
        // Its span carries the reason; the others' tasks must not wait for it.
        return [];
      }
    }),
  );
  return { value: lists.flat(), freshness: NOT_TO_BE_KEPT };
}

async function allItems(call: ClientCall, kind: ListKind, context: AggregateContext): Promise<Held<readonly string[]>> {
  const { view, offers } = context;
  const servers = view.servers();
  const lists = await Promise.all(servers.map((server) => itemsOf(call, kind, server, context)));
  const value = servers.flatMap((server, index) =>
    (lists[index]?.value ?? []).flatMap((text) => exposedItem(kind, text, { server, view, offers }) ?? []),
  );
  return { value, freshness: leastFresh(lists.flatMap((list) => list?.freshness ?? [])) };
}

/** The list may be another as soon as the server can be asked. */
const LEFT_OUT: Held<readonly string[]> = { value: [], freshness: NOT_TO_BE_KEPT };

/** A server that fails is left out: its own state tells why. Null when it has no such list. */
async function itemsOf(
  call: ClientCall,
  kind: ListKind,
  server: UpstreamServer,
  context: AggregateContext,
): Promise<Held<readonly string[]> | null> {
  try {
    await settledSoon(server, call.signal);
    const { introduction } = server.status();
    if (introduction === null) {
      context.leftOut.add(call.session, server.id);
      return LEFT_OUT;
    }
    if (!(LIST_METHODS[kind].capability in introduction.capabilities)) return null;
    await context.client.levelled(call, server);
    return await context.lists.read(server, kind, () =>
      readItemTexts(LIST_METHODS[kind], (request) => send({ ...call, request }, server, context)),
    );
  } catch {
    // Its span and its state in the list of servers carry the reason; the others' items must not wait for it.
    context.leftOut.add(call.session, server.id);
    return LEFT_OUT;
  }
}

function send(call: ClientCall, server: UpstreamServer, { client }: AggregateContext): Promise<ResponseFrame> {
  const { session, operation, request, signal } = call;
  return callServer({
    server,
    owner: client.owner,
    operation,
    request,
    signal,
    target: null,
    baggage: call.baggage,
    onRelated: (frame, { session: upstream }) => {
      const related = client.related(frame, upstream);
      if (related !== null) session.relate(related, upstream, call);
    },
  });
}

/**
 * Waits a little for a server that is just connecting. One that takes longer is left out for now: its list is announced
 * by `list_changed` when it is there.
 */
export async function settledSoon(server: UpstreamServer, signal: AbortSignal): Promise<void> {
  if (server.status().state !== 'connecting') return;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_PATIENCE_MILLIS)]);
  await orAborted(server.settled(), patience).catch(() => {
    signal.throwIfAborted();
  });
}

/** As `settledSoon`, for all that a client sees; resolves at once when it leaves. */
export async function allSettledSoon(view: View, signal: AbortSignal): Promise<void> {
  await Promise.all(view.servers().map((server) => settledSoon(server, signal).catch(() => undefined)));
}
