import { editedFrame, editProgressToken } from '../frame/edit.ts';
import { isObject, type NotificationFrame, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import type { ClientSession } from '../session/client-session.ts';
import { callServer } from '../upstream/server-call.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { SessionOwner } from '../upstream/session-pool.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { UpstreamSession } from '../upstream/upstream-session.ts';
import { withExposedUris } from './answer-uris.ts';
import { BoundedMap } from './bounded-map.ts';
import type { ClientCall } from './forward.ts';
import { ListPages } from './list-pages.ts';
import type { Offers } from './offers.ts';
import { newsFor } from './public-news.ts';
import { taskIdOf } from './tasks.ts';
import type { Views } from './view.ts';

export interface AggregateClientOptions {
  readonly servers: ServerRegistry;
  readonly offers: Offers;
  readonly views: Views;
}

const MAX_TASKS = 1_000;
const MAX_FOUND_URIS = 1_000;
const MAX_QUESTION_TOKENS = 1_000;

interface QuestionToken {
  readonly session: UpstreamSession;
  readonly tokenText: string;
}

/** What one client of several servers has with them, beyond its session: who owns what it was told of. */
export class AggregateClient {
  /** On whose behalf the servers' sessions are held: the client, with its names set right. */
  readonly owner: SessionOwner;
  readonly pages = new ListPages();
  readonly #session: ClientSession;
  readonly #options: AggregateClientOptions;
  readonly #taskOwners = new BoundedMap<string, UpstreamServer>(MAX_TASKS);
  readonly #uriOwners = new BoundedMap<string, UpstreamServer>(MAX_FOUND_URIS);
  readonly #questionTokens = new BoundedMap<string, QuestionToken>(MAX_QUESTION_TOKENS);
  #nextToken = 1;
  #level: RequestFrame | null = null;
  #levelled = new WeakMap<UpstreamServer, Promise<void>>();

  constructor(session: ClientSession, options: AggregateClientOptions) {
    this.#session = session;
    this.#options = options;
    this.owner = {
      id: session.id,
      initialize: session.initialize,
      isShared: session.isShared,
      request: (frame, upstream) => {
        session.request(this.#asked(frame, upstream), upstream);
      },
      notification: (frame, upstream) => {
        const shown = this.#told(frame, upstream);
        if (shown !== null) session.notification(shown, upstream);
      },
      closed: () => {
        session.closed();
      },
    };
  }

  /** What a server sends during a call, as this client may know it; null when it is not for this client. */
  related(frame: RequestFrame | NotificationFrame, upstream: UpstreamSession): RequestFrame | NotificationFrame | null {
    return frame.kind === 'request' ? this.#asked(frame, upstream) : this.#told(frame, upstream);
  }

  /** A server's answer with URIs that lead back to it; whose task it speaks of is remembered. */
  answered(answer: ResponseFrame, server: UpstreamServer): ResponseFrame {
    if (answer.kind === 'result') this.#rememberTask(taskIdOf(answer.result), server);
    return withExposedUris(answer, server, this.#options.offers);
  }

  ownerOfTask(taskId: string): UpstreamServer | null {
    return this.#present(this.#taskOwners.get(taskId));
  }

  /** Whether a task that the server lists is this client's: on a session of its own all are, on a shared one those it saw. */
  ownsTask(task: unknown, server: UpstreamServer): boolean {
    const taskId = taskIdOf(task);
    if (server.settings.sessions === 'dedicated') this.#rememberTask(taskId, server);
    return taskId !== null && this.ownerOfTask(taskId) === server;
  }

  /** The server that had a resource which nobody lists. */
  ownerOfUri(uri: string): UpstreamServer | null {
    return this.#present(this.#uriOwners.get(uri));
  }

  rememberUri(uri: string, server: UpstreamServer): void {
    this.#uriOwners.set(uri, server);
  }

  /** Where the progress goes that a client reports on a server's request, and as what; null when nobody asked for it. */
  progressFor(
    frame: NotificationFrame,
  ): { readonly session: UpstreamSession; readonly frame: NotificationFrame } | null {
    const token = this.#questionTokens.get(JSON.stringify(frame.params?.['progressToken'] ?? null));
    if (token === undefined) return null;
    return { session: token.session, frame: editedFrame(frame, editProgressToken(frame, token.tokenText)) };
  }

  /** From now on the level of every server's log messages, also of those that are opened later. */
  setLevel(request: RequestFrame): void {
    this.#level = request;
    this.#levelled = new WeakMap();
  }

  /** Sets the level the client wants before anything else is asked of a server; null when there is nothing to do. */
  levelled(call: ClientCall, server: UpstreamServer): Promise<void> | null {
    const request = this.#level;
    if (request === null) return null;
    const known = this.#levelled.get(server);
    if (known !== undefined) return known;
    const { introduction } = server.status();
    if (introduction === null || !('logging' in introduction.capabilities)) return null;
    const { operation, signal } = call;
    const setting = callServer({
      server,
      owner: this.owner,
      operation,
      request,
      signal,
      target: null,
      onRelated: null,
    });
    const settled = setting.then(
      () => undefined,
      // A server that refuses the level keeps its own; one that cannot be reached is asked again by the next call.
      () => {
        this.#levelled.delete(server);
      },
    );
    this.#levelled.set(server, settled);
    return settled;
  }

  /** Two servers may choose the same progress token for what they ask: the client gets one of ours. */
  #asked(frame: RequestFrame, upstream: UpstreamSession): RequestFrame {
    const meta = frame.params?.['_meta'];
    const token = isObject(meta) ? meta['progressToken'] : undefined;
    if (typeof token !== 'string' && typeof token !== 'number') return frame;
    const ours = JSON.stringify(`throughline-question-${this.#nextToken}`);
    this.#nextToken += 1;
    this.#questionTokens.set(ours, { session: upstream, tokenText: JSON.stringify(token) });
    return editedFrame(frame, editProgressToken(frame, ours));
  }

  #told(frame: NotificationFrame, upstream: UpstreamSession): NotificationFrame | null {
    const server = this.#options.servers.get(upstream.serverId);
    const view = this.#options.views.of(this.#session.scope);
    if (server === undefined || view === null) return null;
    if (frame.method === 'notifications/tasks/status') this.#rememberTask(taskIdOf(frame.params), server);
    const { offers } = this.#options;
    return newsFor(frame, { server, view, offers });
  }

  #rememberTask(taskId: unknown, server: UpstreamServer): void {
    // The first keeps it: no server can take over another's task by naming it.
    if (typeof taskId === 'string' && this.ownerOfTask(taskId) === null) this.#taskOwners.set(taskId, server);
  }

  #present(server: UpstreamServer | undefined): UpstreamServer | null {
    return server !== undefined && this.#options.servers.get(server.id) === server ? server : null;
  }
}
