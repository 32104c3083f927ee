import { setTimeout as pause } from 'node:timers/promises';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig, ServerState } from '../../shared/domain/server.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';
import type { EpochMillis } from '../clock.ts';
import { UpstreamFailure } from '../failure.ts';
import type { JsonObject, NotificationFrame, RequestFrame } from '../frame/frame.ts';
import type { OperationObservation, ServerAddress, UpstreamCallObservation } from '../observer.ts';
import { LIST_METHODS, readList, type ListKind } from './catalog.ts';
import { gatewayInitialize, type Introduction } from './handshake.ts';
import { createNoiseLog, type NoiseLog } from './noise-log.ts';
import { callServer, openSession } from './server-call.ts';
import type { UpstreamSettings } from './settings.ts';
import { createSessionOpener } from './session-opener.ts';
import { createSessionPool, type OpenSession, type SessionOwner, type SessionPool } from './session-pool.ts';

export interface Catalog {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}

export interface ServerStatus {
  readonly state: ServerState;
  /** One sentence, sanitized. */
  readonly failure: string | null;
  readonly pid: number | null;
  readonly introduction: Introduction | null;
  readonly catalog: Catalog;
  /** When the next start is tried; null unless `restarting`. */
  readonly retryAt: EpochMillis | null;
}

/** One server behind the gateway: its sessions, what it offers and how it is. */
export interface UpstreamServer {
  readonly id: ServerId;
  /** What its names are prefixed with at `/mcp`. */
  readonly prefix: string;
  readonly config: ServerConfig;
  readonly address: ServerAddress | null;
  readonly settings: UpstreamSettings;
  /** What the server prints beside its messages. */
  readonly log: Pick<NoiseLog, 'newest' | 'since'>;
  status(): ServerStatus;
  onChange(listener: () => void): Stop;
  /** The server is connected and its lists have been read, for the first time or again after a failure. */
  onConnected(listener: () => void): Stop;
  /** What the server sends the gateway's own session unasked. */
  onUnasked(listener: (frame: NotificationFrame) => void): Stop;
  /** Connects on the gateway's own account and reads the lists. Resolves when it is known how that went. */
  connect(): Promise<void>;
  /** Keeps the server from being started until `connect` is called, and shows why. */
  hold(why: string): void;
  /** Resolves when a connection attempt under way is over. */
  settled(): Promise<void>;
  session(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession>;
  peek(ownerId: string): Promise<OpenSession> | undefined;
  release(ownerId: string): Promise<void>;
  stop(): Promise<void>;
}

const EMPTY_CATALOG: Catalog = { tools: [], prompts: [], resources: [], resourceTemplates: [] };
const GATEWAY_OWNER = 'gateway';
const REFRESH_PAUSE_MILLIS = 250;

export interface UpstreamServerOptions {
  readonly id: ServerId;
  readonly prefix: string;
  readonly config: ServerConfig;
  readonly settings: UpstreamSettings;
}

export function createUpstreamServer(options: UpstreamServerOptions): UpstreamServer {
  return new Server(options);
}

class Server implements UpstreamServer {
  readonly id: ServerId;
  readonly prefix: string;
  readonly config: ServerConfig;
  readonly address: ServerAddress | null;
  readonly settings: UpstreamSettings;
  readonly #noise: NoiseLog;
  readonly #changes = createListeners<undefined>();
  readonly #connections = createListeners<undefined>();
  readonly #unasked = createListeners<NotificationFrame>();
  readonly #pool: SessionPool;
  readonly #own: SessionOwner;
  #state: ServerState = 'stopped';
  #failure: string | null = null;
  #introduction: Introduction | null = null;
  #catalog: Catalog = EMPTY_CATALOG;
  #pid: number | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #isRefreshing = false;
  #isStale = false;
  #isStopped = false;

  constructor({ id, prefix, config, settings }: UpstreamServerOptions) {
    this.id = id;
    this.prefix = prefix;
    this.config = config;
    this.address = config.type === 'stdio' ? null : addressOf(config.url);
    this.settings = settings;
    this.#noise = createNoiseLog(settings.sanitize);
    this.#pool = createSessionPool(
      createSessionOpener({
        id,
        config,
        settings,
        noise: this.#noise,
        onNoise: () => {
          this.#changes.emit(undefined);
        },
      }),
    );
    this.#own = this.#ownership(gatewayInitialize(settings.gatewayVersion));
  }

  get log(): NoiseLog {
    return this.#noise;
  }

  status(): ServerStatus {
    return {
      state: this.#state,
      failure: this.#failure,
      pid: this.#pid,
      introduction: this.#introduction,
      catalog: this.#catalog,
      retryAt: null,
    };
  }

  onChange(listener: () => void): Stop {
    return this.#changes.add(listener);
  }

  onConnected(listener: () => void): Stop {
    return this.#connections.add(listener);
  }

  onUnasked(listener: (frame: NotificationFrame) => void): Stop {
    return this.#unasked.add(listener);
  }

  connect(): Promise<void> {
    this.#isStopped = false;
    this.#set('connecting', null);
    this.#connecting = this.#upkeep('connect');
    return this.#connecting;
  }

  hold(why: string): void {
    this.#isStopped = true;
    this.#set('failed', why);
  }

  settled(): Promise<void> {
    return this.#connecting;
  }

  session(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession> {
    if (this.#isStopped)
      return Promise.reject(
        new UpstreamFailure('connection_error', this.#failure ?? `Server "${this.id}" is stopped.`),
      );
    return this.#pool.acquire(this.settings.sessions === 'shared' ? this.#own : owner, call, signal);
  }

  peek(ownerId: string): Promise<OpenSession> | undefined {
    return this.#pool.peek(this.settings.sessions === 'shared' ? GATEWAY_OWNER : ownerId);
  }

  async release(ownerId: string): Promise<void> {
    if (ownerId !== GATEWAY_OWNER) await this.#pool.release(ownerId);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#pool.closeAll();
    await this.#connecting;
    this.#set('stopped', null);
  }

  async #upkeep(reason: 'connect' | 'refresh'): Promise<void> {
    const operation = this.settings.observer.upkeep({ serverId: this.id, reason });
    try {
      await this.#readLists(operation);
      operation.end({ kind: 'result', isToolError: false, messageText: null });
      if (this.#isStopped) return;
      this.#set('connected', null);
      if (reason === 'connect') this.#connections.emit(undefined);
    } catch (error) {
      const failure = this.settings.sanitize(error instanceof Error ? error.message : String(error));
      const category = error instanceof UpstreamFailure ? error.category : 'unknown';
      operation.end({ kind: 'failed', category, message: failure, messageText: null });
      if (!this.#isStopped) this.#set('failed', failure);
    }
  }

  async #readLists(operation: OperationObservation): Promise<void> {
    const signal = new AbortController().signal;
    const send = (request: RequestFrame) =>
      callServer({ server: this, owner: this.#own, operation, request, signal, target: null, onRelated: null });
    const opened = await openSession({ server: this, owner: this.#own, operation, signal });
    this.#introduction = opened.introduction;
    this.#pid = opened.session.pid;
    const offered = async (kind: ListKind): Promise<readonly JsonObject[]> => {
      if (!(LIST_METHODS[kind].capability in opened.introduction.capabilities)) return [];
      return (await readList(kind, send)).items;
    };
    this.#catalog = {
      tools: await offered('tool'),
      prompts: await offered('prompt'),
      resources: await offered('resource'),
      resourceTemplates: await offered('resource_template'),
    };
  }

  #ownership(initialize: RequestFrame): SessionOwner {
    return {
      id: GATEWAY_OWNER,
      initialize,
      request: () => undefined,
      notification: (frame) => {
        this.#unasked.emit(frame);
        if (frame.method.endsWith('/list_changed')) this.#refresh();
      },
      closed: (reason) => {
        if (this.#isStopped) return;
        this.#pid = null;
        this.#set('failed', this.settings.sanitize(reason.message));
      },
    };
  }

  /** One refresh at a time, and a pause before the next: a server may announce changes in bursts. */
  #refresh(): void {
    this.#isStale = true;
    if (this.#isRefreshing || this.#state !== 'connected') return;
    this.#isRefreshing = true;
    this.#isStale = false;
    void this.#upkeep('refresh')
      .then(() => pause(REFRESH_PAUSE_MILLIS, undefined, { ref: false }))
      .finally(() => {
        this.#isRefreshing = false;
        if (this.#isStale && !this.#isStopped) this.#refresh();
      });
  }

  #set(state: ServerState, failure: string | null): void {
    this.#state = state;
    this.#failure = failure;
    this.#changes.emit(undefined);
  }
}

function addressOf(url: string): ServerAddress {
  const parsed = new URL(url);
  const standardPort = parsed.protocol === 'https:' ? 443 : 80;
  return {
    host: parsed.hostname,
    port: parsed.port === '' ? standardPort : Number(parsed.port),
    path: parsed.pathname,
  };
}
