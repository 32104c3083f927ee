import { requestText } from '../frame/compose.ts';
import type { RequestFrame } from '../frame/frame.ts';
import { asRequest } from './handshake.ts';

/** What clients have set on a server's sessions, so that a session opened again is as they left it. */
export interface ClientWishes {
  /** Takes note of a request the server has granted. */
  granted(ownerId: string, request: RequestFrame): void;
  /** The requests that bring a new session to where this owner's last one was; `EVERYONE` for one they share. */
  replay(ownerId: string): readonly RequestFrame[];
  /** Which log messages this owner wants; null for those that a server sends unasked. */
  levelOf(ownerId: string): string | null;
  /** What anybody is subscribed to. */
  uris(): ReadonlySet<string>;
  readonly hasSubscriptions: boolean;
  forget(ownerId: string): void;
}

/** More than any client watches; the oldest is forgotten first. */
const MAX_SUBSCRIPTIONS = 256;

interface Wishes {
  level: string | null;
  readonly uris: Set<string>;
}

export const EVERYONE = 'everyone';

export function createClientWishes(): ClientWishes {
  const byOwner = new Map<string, Wishes>();

  function of(ownerId: string): Wishes {
    const known = byOwner.get(ownerId);
    if (known !== undefined) return known;
    const fresh: Wishes = { level: null, uris: new Set() };
    byOwner.set(ownerId, fresh);
    return fresh;
  }

  return {
    granted(ownerId, { method, params }) {
      const uri = params?.['uri'];
      const level = params?.['level'];
      if (method === 'logging/setLevel' && typeof level === 'string') {
        const wishes = of(ownerId);
        wishes.level = level;
        // The newest level counts where owners share a session, and the newest owner comes last.
        byOwner.delete(ownerId);
        byOwner.set(ownerId, wishes);
      } else if (method === 'resources/subscribe' && typeof uri === 'string') {
        const { uris } = of(ownerId);
        uris.add(uri);
        const [oldest] = uris;
        if (uris.size > MAX_SUBSCRIPTIONS && oldest !== undefined) uris.delete(oldest);
      } else if (method === 'resources/unsubscribe' && typeof uri === 'string') byOwner.get(ownerId)?.uris.delete(uri);
    },
    replay(ownerId) {
      const concerned = ownerId === EVERYONE ? [...byOwner.values()] : [byOwner.get(ownerId)];
      const wishes = concerned.filter((wish) => wish !== undefined);
      const level = wishes.findLast((wish) => wish.level !== null)?.level ?? null;
      const uris = new Set(wishes.flatMap((wish) => [...wish.uris]));
      return [
        ...(level === null ? [] : [asRequest(requestText('0', 'logging/setLevel', { level }))]),
        ...[...uris].map((uri) => asRequest(requestText('0', 'resources/subscribe', { uri }))),
      ];
    },
    levelOf: (ownerId) => byOwner.get(ownerId)?.level ?? null,
    uris: () => new Set([...byOwner.values()].flatMap(({ uris }) => [...uris])),
    get hasSubscriptions() {
      return [...byOwner.values()].some(({ uris }) => uris.size > 0);
    },
    forget(ownerId) {
      byOwner.delete(ownerId);
    },
  };
}
