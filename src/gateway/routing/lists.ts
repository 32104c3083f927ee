import type { ResponseFrame } from '../frame/frame.ts';
import { LIST_METHODS, type ListKind } from '../upstream/catalog.ts';
import { callServer } from '../upstream/server-call.ts';
import { orAborted } from '../upstream/session-pool.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateContext } from './aggregate.ts';
import { RPC_CODES, refusal, resultTextAnswer, type Answer } from './answer.ts';
import type { ClientCall } from './forward.ts';
import { exposedItem, readItemTexts } from './list-items.ts';
import type { ListPage } from './list-pages.ts';

const CONNECT_PATIENCE_MILLIS = 5_000;

/** One page of a list over all servers that are seen, in their order. Never rejects but when the caller leaves. */
export async function answerList(call: ClientCall, kind: ListKind, context: AggregateContext): Promise<Answer> {
  const { request } = call;
  const cursor = request.params?.['cursor'];
  const { pages } = context.client;
  if (cursor === undefined || cursor === null)
    return pageAnswer(call, kind, pages.first(kind, await allItems(call, kind, context)));
  const page = typeof cursor === 'string' ? pages.next(kind, cursor) : null;
  if (page !== null) return pageAnswer(call, kind, page);
  const message = 'This cursor is not valid (any more); ask for the list from its beginning, without a cursor.';
  return refusal(request.idText, RPC_CODES.invalidParams, message);
}

function pageAnswer({ request }: ClientCall, kind: ListKind, { items, nextCursor }: ListPage): Answer {
  const next = nextCursor === null ? '' : `,"nextCursor":${JSON.stringify(nextCursor)}`;
  const resultSource = `{"${LIST_METHODS[kind].member}":[${items.join(',')}]${next}}`;
  return resultTextAnswer(request.idText, resultSource, { what: kind, value: items.length });
}

async function allItems(call: ClientCall, kind: ListKind, context: AggregateContext): Promise<readonly string[]> {
  const { view, offers } = context;
  const servers = view.servers();
  const lists = await Promise.all(servers.map((server) => itemsOf(call, kind, server, context)));
  return servers.flatMap((server, index) =>
    (lists[index] ?? []).flatMap((text) => exposedItem(kind, text, { server, view, offers }) ?? []),
  );
}

/** A server that fails is left out: its own state tells why. */
async function itemsOf(
  call: ClientCall,
  kind: ListKind,
  server: UpstreamServer,
  context: AggregateContext,
): Promise<readonly string[]> {
  try {
    await settledSoon(server, call.signal);
    const { introduction } = server.status();
    if (introduction === null) context.leftOut.add(call.session, server.id);
    if (!(LIST_METHODS[kind].capability in (introduction?.capabilities ?? {}))) return [];
    await context.client.levelled(call, server);
    return await context.lists.read(server, kind, () =>
      readItemTexts(kind, (request) => send({ ...call, request }, server, context)),
    );
  } catch {
    // Its span and its state in the list of servers carry the reason; the others' items must not wait for it.
    context.leftOut.add(call.session, server.id);
    return [];
  }
}

function send(call: ClientCall, server: UpstreamServer, { client }: AggregateContext): Promise<ResponseFrame> {
  const { session, operation, request, signal, stream } = call;
  return callServer({
    server,
    owner: client.owner,
    operation,
    request,
    signal,
    target: null,
    onRelated: (frame, { session: upstream }) => {
      const related = client.related(frame, upstream);
      if (related !== null) session.relate(related, upstream, stream);
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
