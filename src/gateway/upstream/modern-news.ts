import { META } from '../era/envelope.ts';
import { requestText } from '../frame/compose.ts';
import { editedFrame, removeMeta } from '../frame/edit.ts';
import { isObject, type JsonObject, type NotificationFrame, type RequestFrame } from '../frame/frame.ts';
import type { MessageObservation, UpstreamCallObservation } from '../observer.ts';
import { pauseBefore } from './back-off.ts';
import { asRequest } from './handshake.ts';
import { GATEWAY_OWNER } from './pending-calls.ts';
import type { OpenSession } from './session-pool.ts';
import type { UpstreamSession } from './upstream-session.ts';

export interface ModernNewsOptions {
  /** What the gateway says of itself. */
  readonly initialize: RequestFrame;
  /** The resources somebody is subscribed to. */
  readonly subscribed: () => ReadonlySet<string>;
  /** Each of them as a server with sessions would have sent it. */
  readonly onNews: (frame: NotificationFrame) => void;
  /** The stream was cut, so there may have been news that nobody heard. */
  readonly onCut: () => void;
}

/**
 * The news of a server of the stateless era: one `subscriptions/listen` on the gateway's own connection, for all clients
 * (MCP 2026-07-28). What clients subscribe to is added to it by listening anew before the earlier stream is left.
 */
export interface ModernNews {
  /** Resolves when the server has acknowledged, refused, or let it be for a while; at once when it is listened to. */
  begin(opened: OpenSession, observe: () => UpstreamCallObservation): Promise<void>;
  /** Whether the server reports on this resource from now on. */
  watch(uri: string, opened: OpenSession, call: MessageObservation): Promise<boolean>;
  /** Leaves the stream. Idempotent. */
  end(): void;
}

interface Stream {
  readonly session: UpstreamSession;
  readonly uris: ReadonlySet<string>;
  /** The filter as the server grants it; null when it does not. */
  readonly granted: Promise<JsonObject | null>;
  isOpen: boolean;
  leave(): void;
}

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** A server that acknowledges later than this is still listened to. */
const PATIENCE_MILLIS = 3_000;
const BACK_OFF = { first: 500, most: 30_000 };

export function createModernNews(options: ModernNewsOptions): ModernNews {
  return new News(options);
}

class News implements ModernNews {
  readonly #options: ModernNewsOptions;
  /** Asked for, and not granted yet. */
  readonly #asking = new Map<string, number>();
  #stream: Stream | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ModernNewsOptions) {
    this.#options = options;
  }

  async begin(opened: OpenSession, observe: () => UpstreamCallObservation): Promise<void> {
    await this.#inTurn(async () => {
      const filter = this.#filterFor(opened);
      if (filter === null || this.#current(opened) !== null) return;
      const call = observe();
      await this.#listen(opened, filter, call).granted;
      call.end({ kind: 'accepted' });
    });
  }

  async watch(uri: string, opened: OpenSession, call: MessageObservation): Promise<boolean> {
    this.#asking.set(uri, (this.#asking.get(uri) ?? 0) + 1);
    try {
      return await this.#inTurn(async () => {
        const known = this.#current(opened);
        if (known?.uris.has(uri) === true) return includes(await known.granted, uri);
        const filter = this.#filterFor(opened);
        if (filter === null) return false;
        const granted = await this.#listen(opened, filter, call).granted;
        known?.leave();
        return includes(granted, uri);
      });
    } finally {
      const others = (this.#asking.get(uri) ?? 1) - 1;
      if (others === 0) this.#asking.delete(uri);
      else this.#asking.set(uri, others);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#stream?.leave();
    this.#stream = null;
  }

  /** One after the other, so that each sees what the one before it was granted. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #current({ session }: OpenSession): Stream | null {
    const stream = this.#stream;
    return stream !== null && stream.session === session && stream.isOpen ? stream : null;
  }

  /** What there is to be heard of; null when that is nothing. */
  #filterFor({ introduction: { capabilities } }: OpenSession): JsonObject | null {
    const offers = (list: string, what: string): boolean => {
      const capability = capabilities[list];
      return isObject(capability) && capability[what] === true;
    };
    const lists = ['tools', 'prompts', 'resources'].filter((list) => offers(list, 'listChanged'));
    const uris = offers('resources', 'subscribe') ? [...this.#wantedUris()] : [];
    if (lists.length === 0 && uris.length === 0) return null;
    return {
      ...Object.fromEntries(lists.map((list) => [`${list}ListChanged`, true])),
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
    };
  }

  #wantedUris(): ReadonlySet<string> {
    return new Set([...this.#options.subscribed(), ...this.#asking.keys()]);
  }

  #listen({ session }: OpenSession, filter: JsonObject, call: MessageObservation): Stream {
    clearTimeout(this.#timer);
    const leaving = new AbortController();
    const granted = Promise.withResolvers<JsonObject | null>();
    const patience = setTimeout(() => {
      granted.resolve(null);
    }, PATIENCE_MILLIS);
    const stream: Stream = {
      session,
      uris: this.#wantedUris(),
      granted: granted.promise,
      isOpen: true,
      leave: () => {
        leaving.abort();
      },
    };
    const answer = session.request(asRequest(requestText('0', 'subscriptions/listen', { notifications: filter })), {
      ownerId: GATEWAY_OWNER,
      initialize: this.#options.initialize,
      // The stream outlives whatever it was opened for.
      call: { ...call, received: () => undefined, printed: () => undefined, told: () => undefined },
      signal: leaving.signal,
      timeoutMillis: 0,
      progressTokenText: null,
      isStanding: true,
      onRelated: (frame) => {
        if (frame.kind !== 'notification') return;
        if (frame.method === ACKNOWLEDGED) granted.resolve(grantedBy(frame));
        else this.#options.onNews(editedFrame(frame, removeMeta(frame, META.subscriptionId)));
      },
    });
    void granted.promise.then((filterGranted) => {
      clearTimeout(patience);
      if (filterGranted !== null) this.#failures = 0;
    });
    answer
      .then(
        ({ kind }) => {
          this.#ended(stream, kind === 'result');
        },
        () => {
          this.#ended(stream, !session.isClosed);
        },
      )
      .finally(() => {
        granted.resolve(null);
      });
    this.#stream = stream;
    return stream;
  }

  /** A server that ended the stream, or lost it, is listened to again; one that refused it has no news. */
  #ended(stream: Stream, mayHaveMore: boolean): void {
    stream.isOpen = false;
    if (this.#stream !== stream || !mayHaveMore) return;
    this.#failures += 1;
    this.#timer = setTimeout(this.#options.onCut, pauseBefore(this.#failures, BACK_OFF, Math.random()));
    this.#timer.unref();
  }
}

function grantedBy({ params }: NotificationFrame): JsonObject {
  const notifications = params?.['notifications'];
  return isObject(notifications) ? notifications : {};
}

function includes(granted: JsonObject | null, uri: string): boolean {
  const uris = granted?.['resourceSubscriptions'];
  return Array.isArray(uris) && uris.includes(uri);
}
