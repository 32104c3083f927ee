import type { Stop } from '../../shared/kernel/listeners.ts';
import { isModernVersion } from '../era/envelope.ts';
import { aged, type Freshness } from '../era/freshness.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import { isPublicNews } from './public-news.ts';

/** What a server answered, and for how long and whom it did. */
export interface Held<Value> {
  readonly value: Value;
  readonly freshness: Freshness;
}

/**
 * What servers whose one session all clients share answered, by kind, so that it is asked for once and not once for each
 * client. A server with sessions of their own may answer each client otherwise: nothing of it is kept.
 */
export interface AnswerCache<Kind, Value> {
  /** The answer that is kept, else what `read` resolves with. Rejects as `read` does. */
  read(server: UpstreamServer, kind: Kind, read: () => Promise<Held<Value>>): Promise<Held<Value>>;
  readonly stop: Stop;
}

interface Kept<Value> extends Held<Value> {
  readonly readAt: number;
}

/**
 * A server of the stateless era says of each answer how long it holds and whether others may have it: what is private or
 * too old is asked for again by each client, and never handed to another (MCP 2026-07-28, caching). What a server of the
 * era of handshakes answers, which it can only share for all it has, holds until it tells of a change.
 */
export function createAnswerCache<Kind, Value>(servers: ServerRegistry): AnswerCache<Kind, Value> {
  let kept = new WeakMap<UpstreamServer, Map<Kind, Kept<Value>>>();
  const forget = (server: UpstreamServer): void => {
    kept.delete(server);
  };
  const stops = [
    servers.onConnected(forget),
    servers.onUnasked((server, frame) => {
      if (isPublicNews(frame.method)) forget(server);
    }),
  ];
  return {
    async read(server, kind, read) {
      if (!server.sharesSession) return await read();
      const { clock } = server.settings;
      const answers = kept.get(server) ?? new Map<Kind, Kept<Value>>();
      const known = answers.get(kind);
      const isTimed = isModernVersion(server.status().introduction?.protocolVersion);
      const readAt = clock.now();
      if (known !== undefined) {
        const freshness = aged(known.freshness, readAt - known.readAt);
        if (!isTimed || freshness.ttlMs > 0) return { value: known.value, freshness };
      }
      kept.set(server, answers);
      answers.delete(kind);
      const answer = await read();
      // Forgotten meanwhile: `answers` is nobody's any more, and what was read may be too old to keep.
      if (!isTimed || mayBeShared(answer.freshness)) answers.set(kind, { ...answer, readAt });
      return answer;
    },
    stop() {
      for (const stop of stops.splice(0)) stop();
      kept = new WeakMap();
    },
  };
}

function mayBeShared({ ttlMs, cacheScope }: Freshness): boolean {
  return cacheScope === 'public' && ttlMs > 0;
}
