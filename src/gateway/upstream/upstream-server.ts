import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig, ServerState } from '../../shared/domain/server.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';
import type { EpochMillis } from '../clock.ts';
import { UpstreamFailure } from '../failure.ts';
import { requestText } from '../frame/compose.ts';
import type { NotificationFrame, RequestFrame, ResponseFrame } from '../frame/frame.ts';
import type { OperationObservation, ServerAddress, UpkeepStart, UpstreamCallObservation } from '../observer.ts';
import { createCatalogKeeper, type Catalog, type CatalogKeeper } from './catalog-keeper.ts';
import { createClientWishes, EVERYONE, type ClientWishes } from './client-wishes.ts';
import { asRequest, gatewayInitialize, type Introduction } from './handshake.ts';
import { createEraVerdict, type EraVerdict } from './era-verdict.ts';
import { createHealthCheck, type HealthCheck } from './health-check.ts';
import { createIdleWatch, type IdleWatch } from './idle-watch.ts';
import { createModernNews, type ModernNews } from './modern-news.ts';
import { refuseQuestion } from './question.ts';
import { createNoiseLog, type NoiseLog } from './noise-log.ts';
import { NoSessionNeeded } from './opening.ts';
import { GATEWAY_OWNER } from './pending-calls.ts';
import { callServer, listenToNews, openSession } from './server-call.ts';
import { createServerLife, type ServerLife } from './server-life.ts';
import { addressOf } from './server-address.ts';
import { settingsFor, type UpstreamSettings } from './settings.ts';
import { createSessionOpener } from './session-opener.ts';
import { createSessionPool, type OpenSession, type SessionOwner, type SessionPool } from './session-pool.ts';
import { createTransports, type Transports } from './transports.ts';
import { outcomeOfFailure } from './outcome.ts';

export type { Catalog } from './catalog-keeper.ts';

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
  /** The gateway's, but for what the server's own configuration says. */
  readonly settings: UpstreamSettings;
  /** What the server prints beside its messages. */
  readonly log: Pick<NoiseLog, 'newest' | 'since'>;
  /** All clients use the gateway's own session with it. */
  readonly sharesSession: boolean;
  status(): ServerStatus;
  onChange(listener: () => void): Stop;
  /** The server is connected and its lists are not what they were, or were never read before. */
  onConnected(listener: () => void): Stop;
  /** What the server sends the gateway's own session unasked. */
  onUnasked(listener: (frame: NotificationFrame) => void): Stop;
  /** Connects on the gateway's own account and reads the lists. Resolves when it is known how the first attempt went. */
  connect(): Promise<void>;
  /** Keeps the server from being started until `connect` is called, and shows why. */
  hold(why: string): void;
  /** Resolves when a connection attempt under way is over. */
  settled(): Promise<void>;
  /** The owner's session, opened when it has none; a server that sleeps or is about to be started again comes at once. */
  session(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession>;
  /** What a server of the stateless era tells unasked. */
  readonly news: ModernNews;
  /** Which log messages this owner wants of a server that is told with each request; null for none. */
  logLevelFor(ownerId: string): string | null;
  /** The server answered a request of this owner. */
  answered(owner: SessionOwner, request: RequestFrame, answer: ResponseFrame): void;
  peek(ownerId: string): Promise<OpenSession> | undefined;
  release(ownerId: string): Promise<void>;
  /** Ends every session and keeps the server from being started until `connect` is called. */
  stop(): Promise<void>;
}

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
  readonly news: ModernNews;
  readonly #noise: NoiseLog;
  readonly #changes = createListeners<undefined>();
  readonly #connections = createListeners<undefined>();
  readonly #unasked = createListeners<NotificationFrame>();
  readonly #transports: Transports;
  readonly #pool: SessionPool;
  readonly #own: SessionOwner;
  readonly #wishes: ClientWishes = createClientWishes();
  readonly #life: ServerLife;
  readonly #idle: IdleWatch;
  readonly #health: HealthCheck;
  readonly #lists: CatalogKeeper;
  readonly #verdict: EraVerdict = createEraVerdict();
  #willTellNoise = false;

  constructor({ id, prefix, config, settings }: UpstreamServerOptions) {
    this.id = id;
    this.prefix = prefix;
    this.config = config;
    this.address = config.type === 'stdio' ? null : addressOf(config.url);
    this.settings = settingsFor(config, settings);
    this.#noise = createNoiseLog(settings.sanitize);
    this.#transports = createTransports(id, config, settings);
    this.#own = this.#ownership(gatewayInitialize(settings.gatewayVersion));
    this.news = createModernNews({
      initialize: this.#own.initialize,
      subscribed: () => this.#wishes.uris(),
      onNews: (frame) => {
        settings.observer.news({ ...frame, serverId: id });
        this.#told(frame);
      },
      onCut: () => {
        this.#lists.refresh();
      },
    });
    this.#pool = createSessionPool(
      createSessionOpener({
        id,
        config,
        settings,
        transports: this.#transports,
        verdict: this.#verdict,
        noise: this.#noise,
        onNoise: () => {
          this.#noticeNoise();
        },
        replay: (owner) => this.#replayFor(owner),
      }),
    );
    this.#lists = this.#createLists();
    this.#life = this.#createLife();
    this.#idle = this.#createIdleWatch();
    this.#health = this.#createHealthCheck();
  }

  get log(): NoiseLog {
    return this.#noise;
  }

  status(): ServerStatus {
    const { state, failure, retryAt } = this.#life;
    return {
      state,
      failure,
      retryAt,
      pid: this.#pool.current(GATEWAY_OWNER)?.pid ?? null,
      introduction: this.#lists.introduction,
      catalog: this.#lists.catalog,
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

  /** A server of the stateless era knows no sessions: each request says by itself who asks. */
  get sharesSession(): boolean {
    return this.settings.sessions === 'shared' || this.#verdict.era === 'modern';
  }

  connect(): Promise<void> {
    // Whoever asks for a new start may have put another server in its place.
    this.#verdict.forget();
    return this.#life.connect();
  }

  hold(why: string): void {
    this.#life.hold(why);
  }

  settled(): Promise<void> {
    return this.#life.settled();
  }

  session(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession> {
    const { refusal } = this.#life;
    if (refusal !== null) return Promise.reject(new UpstreamFailure('connection_error', refusal));
    const session = this.#acquire(owner, call, signal);
    if (owner === this.#own) return session;
    this.#idle.used();
    if (this.#life.state !== 'connected' && this.#life.state !== 'connecting') this.#followUp(session);
    return session;
  }

  logLevelFor(ownerId: string): string | null {
    return this.#wishes.levelOf(ownerId);
  }

  answered(owner: SessionOwner, request: RequestFrame, answer: ResponseFrame): void {
    if (owner === this.#own) return;
    this.#idle.used();
    if (answer.kind === 'result') this.#wishes.granted(owner.id, request);
  }

  peek(ownerId: string): Promise<OpenSession> | undefined {
    return this.#pool.peek(this.sharesSession ? GATEWAY_OWNER : ownerId);
  }

  async release(ownerId: string): Promise<void> {
    if (ownerId === GATEWAY_OWNER) return;
    this.#wishes.forget(ownerId);
    await this.#pool.release(ownerId);
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  #acquire(owner: SessionOwner, call: UpstreamCallObservation, signal: AbortSignal): Promise<OpenSession> {
    if (owner === this.#own || this.sharesSession) return this.#pool.acquire(this.#own, call, signal);
    const session = this.#pool.acquire(owner, call, signal);
    if (this.#verdict.era !== null) return session;
    return session.catch((error: unknown) => {
      if (error instanceof NoSessionNeeded) return this.#pool.acquire(this.#own, call, signal);
      throw error;
    });
  }

  #createLife(): ServerLife {
    const { clock, sanitize } = this.settings;
    return createServerLife({
      serverId: this.id,
      clock,
      sanitize,
      isStartedHere: this.config.type === 'stdio',
      attempt: (reason) => this.#upkeep(reason, (operation) => this.#readLists(operation)),
      closeAll: () => this.#pool.closeAll(),
      letGo: () => this.#transports.close(),
      onChange: () => {
        this.#lifeChanged();
      },
    });
  }

  #createLists(): CatalogKeeper {
    return createCatalogKeeper({
      readAgain: () => this.#upkeep('refresh', (operation) => this.#readLists(operation)),
      isConnected: () => this.#life.state === 'connected',
      onNews: () => {
        this.#connections.emit(undefined);
      },
      onRefreshed: () => {
        this.#changes.emit(undefined);
      },
    });
  }

  #createIdleWatch(): IdleWatch {
    return createIdleWatch({
      clock: this.settings.clock,
      idleMillis: this.settings.idleStopMillis,
      isBusy: () => this.#pool.isBusy || this.#wishes.hasSubscriptions,
      onIdle: () => {
        void this.#life.sleep();
      },
    });
  }

  #createHealthCheck(): HealthCheck {
    return createHealthCheck({
      clock: this.settings.clock,
      intervalMillis: this.settings.healthCheckMillis,
      lastHeardAt: () => this.#pool.current(GATEWAY_OWNER)?.lastHeardAt ?? null,
      ask: (timeoutMillis) => this.#upkeep('health', (operation) => this.#ping(operation, timeoutMillis)),
      onGone: () => {
        this.#pool.current(GATEWAY_OWNER)?.fail({
          category: 'timeout',
          message: `Server "${this.id}" stopped answering: two health checks in a row heard nothing from it.`,
        });
      },
    });
  }

  #lifeChanged(): void {
    if (this.#life.state === 'connected') {
      this.#idle.begin();
      this.#health.begin();
    } else {
      this.#idle.end();
      this.#health.end();
      if (this.#life.state !== 'connecting') this.news.end();
    }
    this.#changes.emit(undefined);
  }

  /** A call has come while the gateway's own session was away. */
  #followUp(session: Promise<OpenSession>): void {
    session.then(
      () => {
        this.#life.called(true);
      },
      () => {
        this.#life.called(false);
      },
    );
  }

  /** Runs work on the gateway's own account, in a trace of its own. */
  async #upkeep(
    reason: UpkeepStart['reason'],
    work: (operation: OperationObservation) => Promise<void>,
  ): Promise<void> {
    const operation = this.settings.observer.upkeep({ serverId: this.id, reason });
    try {
      await work(operation);
      operation.end({ kind: 'result', isToolError: false, messageText: null });
    } catch (error) {
      operation.end(outcomeOfFailure(error, this.settings.sanitize, null));
      throw error;
    }
  }

  async #readLists(operation: OperationObservation): Promise<void> {
    const { signal } = new AbortController();
    const opened = await openSession({ server: this, owner: this.#own, operation, signal });
    if (this.#verdict.era === 'modern') await listenToNews(this, operation, opened);
    await this.#lists.read(opened.introduction, (request) => this.#ask(operation, request, signal));
  }

  async #ping(operation: OperationObservation, timeoutMillis: number): Promise<void> {
    const { signal } = new AbortController();
    // Any answer will do: a server that does not know the method is there to say so.
    const method = this.#verdict.era === 'modern' ? 'server/discover' : 'ping';
    await this.#ask(operation, asRequest(requestText('0', method, {})), signal, timeoutMillis);
  }

  #ask(
    operation: OperationObservation,
    request: RequestFrame,
    signal: AbortSignal,
    timeoutMillis?: number,
  ): Promise<ResponseFrame> {
    const call = { server: this, owner: this.#own, operation, request, signal, target: null, onRelated: null };
    return callServer({ ...call, timeoutMillis });
  }

  #replayFor(owner: SessionOwner): readonly RequestFrame[] {
    if (this.settings.sessions === 'dedicated') return this.#wishes.replay(owner.id);
    return owner === this.#own ? this.#wishes.replay(EVERYONE) : [];
  }

  #ownership(initialize: RequestFrame): SessionOwner {
    return {
      id: GATEWAY_OWNER,
      initialize,
      request: (frame, session) => {
        refuseQuestion(frame, session, this.settings.observer, 'No client is there to answer this.');
      },
      notification: (frame) => {
        this.#told(frame);
      },
      closed: (reason) => {
        if (!reason.wasAsked) this.#life.lost(reason.message);
      },
    };
  }

  #told(frame: NotificationFrame): void {
    this.#unasked.emit(frame);
    if (frame.method.endsWith('/list_changed')) this.#lists.refresh();
  }

  /** A talkative server is told of once in a while, not line by line. */
  #noticeNoise(): void {
    if (this.#willTellNoise) return;
    this.#willTellNoise = true;
    setImmediate(() => {
      this.#willTellNoise = false;
      this.#changes.emit(undefined);
    });
  }
}
