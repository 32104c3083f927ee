import type { ServerId } from '../../shared/domain/ids.ts';
import type { Interceptor } from '../interceptor.ts';
import type { ClientSession } from '../session/client-session.ts';
import { resultAnswer, type Answer } from './answer.ts';
import { forward, type ClientCall, type Destination } from './forward.ts';

/**
 * Which clients of a shared session subscribed to what: on the server's side there is one subscriber, so that the first
 * client to unsubscribe would end it for all.
 */
export interface Subscriptions {
  add(session: ClientSession, serverId: ServerId, uri: string): void;
  /** True when another client that is still there has subscribed to it. */
  removeOneOfMany(session: ClientSession, serverId: ServerId, uri: string): boolean;
  /** The clients to be told of an update: those that subscribed to the resource, or to one it is part of. */
  subscribersOf(serverId: ServerId, uri: string): readonly ClientSession[];
}

const MAX_SUBSCRIPTIONS_OF_A_CLIENT = 10_000;

/** `sessions` are the clients that are there now. */
export function createSubscriptions(sessions: () => readonly ClientSession[]): Subscriptions {
  const subscribed = new WeakMap<ClientSession, Map<ServerId, Set<string>>>();

  function urisOf(session: ClientSession, serverId: ServerId): ReadonlySet<string> | undefined {
    return subscribed.get(session)?.get(serverId);
  }

  return {
    add(session, serverId, uri) {
      const servers = subscribed.get(session) ?? new Map<ServerId, Set<string>>();
      const uris = servers.get(serverId) ?? new Set<string>();
      if (uris.size < MAX_SUBSCRIPTIONS_OF_A_CLIENT) uris.add(uri);
      servers.set(serverId, uris);
      subscribed.set(session, servers);
    },
    removeOneOfMany(session, serverId, uri) {
      subscribed.get(session)?.get(serverId)?.delete(uri);
      return sessions().some((other) => urisOf(other, serverId)?.has(uri) === true);
    },
    subscribersOf: (serverId, uri) =>
      sessions().filter((session) => {
        const uris = urisOf(session, serverId);
        if (uris === undefined) return false;
        return uris.has(uri) || [...uris].some((subscribedUri) => uri.startsWith(subscribedUri));
      }),
  };
}

export interface SubscriptionParts {
  readonly subscriptions: Subscriptions;
  readonly interceptor: Interceptor;
}

/** Forwards a request about a resource (`target`), and keeps count of who is subscribed where clients share a session. */
export async function forwardSubscription(
  call: ClientCall,
  destination: Destination,
  { subscriptions, interceptor }: SubscriptionParts,
): Promise<Answer> {
  const { session, request, operation } = call;
  const { server, target } = destination;
  if (!server.sharesSession || target === null) return await forward(call, destination, interceptor);
  const leaves = request.method === 'resources/unsubscribe';
  if (leaves && subscriptions.removeOneOfMany(session, server.id, target)) {
    operation.routed(server.id, target);
    return resultAnswer(request.idText, {});
  }
  const answer = await forward(call, destination, interceptor);
  const joined = request.method === 'resources/subscribe' && answer.outcome.kind === 'result';
  if (joined) subscriptions.add(session, server.id, target);
  return answer;
}
