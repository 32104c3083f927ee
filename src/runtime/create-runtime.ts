import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createClock } from '../gateway/clock.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import { emptyChain } from '../gateway/interceptor.ts';
import { createRedactor } from '../redaction/redactor.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import { createTraceStore } from '../store/worker-store.ts';
import { createRecorder, type Recorder } from '../telemetry/recorder.ts';
import { createTracerHost } from '../telemetry/tracer.ts';
import { createTracingObserver } from '../telemetry/tracing-observer.ts';
import type { RuntimeAssets } from './assets.ts';
import type { GatewaySettings, ThroughlineConfig } from './config/config.ts';
import { resolveServer } from './config/server-entry.ts';
import { createDemoPlayer } from './demo/demo-player.ts';
import { newSecret } from './http/secrets.ts';
import { openDoors } from './http/open-doors.ts';
import { createFailureReporter, type Logger, type ReportFailure } from './log.ts';
import type { ContractRouter } from './operations/context.ts';
import { createContractRouter } from './operations/create-contract-router.ts';
import { createKnownSecrets } from './known-secrets.ts';
import { createServerDirectory, HELD_SENTENCE, type ServerShelf } from './server-directory.ts';
import { readYourWrites } from './read-your-writes.ts';
import type { RuntimeServices } from './services.ts';
import { removeStateFile, stateDirectory, stateFilePath, writeStateFile } from './state-file.ts';
import { createStopStack, type StopStack } from './stop-stack.ts';
import { createTraceExports } from './trace-exports.ts';

export interface RuntimeOptions {
  readonly config: ThroughlineConfig;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  /** Null keeps traces in memory only. */
  readonly dataDir: string | null;
  /** Pages opened with a one-time code may add and start servers. */
  readonly manage: boolean;
  readonly host: 'desktop' | 'headless';
  /** Leaves a user-only file by which other commands find this gateway. */
  readonly stateFile: boolean;
  readonly log: Logger;
  readonly assets: RuntimeAssets;
  /** Where servers added in the interface are kept; absent or null: for this run only. */
  readonly shelf?: ServerShelf | null;
  /** Configured but not to be started before somebody has agreed to them again. */
  readonly unapproved?: readonly ServerId[];
  /** The user-only file that holds the token, when it is not the state file. */
  readonly tokenFile?: string | null;
  readonly debug?: boolean;
}

export interface RunningRuntime {
  readonly origin: string;
  readonly mcpUrl: string;
  readonly services: RuntimeServices;
  /** The contract over these services, for a host to put on a wire of its own. */
  readonly router: ContractRouter;
  /** Writes a failure of the host to the log, redacted. */
  readonly report: ReportFailure;
  /** Address of the interface with a one-time code in it (60 s, single use). */
  createUiUrl(): string;
  /** Flushes and ends everything, in order. Idempotent. */
  stop(): Promise<void>;
}

const FLUSH_INTERVAL_MILLIS = 50;
const MAX_PENDING_SPANS = 20_000;
const MAX_PENDING_PAYLOAD = 64 * 1024 * 1024;
const MAX_SESSIONS = 1_000;
const SESSION_IDLE_MILLIS = 30 * 60_000;
const HASH_KEY_BYTES = 32;

/** Puts the whole product together and starts it. Rejects with a UserError when it cannot. */
export async function startRuntime(options: RuntimeOptions): Promise<RunningRuntime> {
  const stops = createStopStack();
  try {
    return await assemble(options, stops);
  } catch (error) {
    await stops.stop();
    throw error;
  }
}

async function assemble(options: RuntimeOptions, stops: StopStack): Promise<RunningRuntime> {
  const { config, assets, token } = options;
  const secrets = createKnownSecrets([token]);
  for (const server of config.servers.values()) secrets.addFrom(server);
  const redactor = createRedactor({ hashKey: randomBytes(HASH_KEY_BYTES), knownSecrets: secrets.values });
  const report = createFailureReporter(options.log, redactor, options.debug ?? false);

  const store = await createTraceStore({
    workerUrl: assets.storeWorker,
    file: options.dataDir === null ? null : join(options.dataDir, 'traces.db'),
    budgetBytes: config.gateway.storeBudgetMb * 1024 * 1024,
  });
  stops.add(() => store.close());

  const recorder = createRecorder({
    redactor,
    sink: (batch) => {
      store.put(batch);
    },
    flushIntervalMillis: FLUSH_INTERVAL_MILLIS,
    maxPendingSpans: MAX_PENDING_SPANS,
    maxPendingPayload: MAX_PENDING_PAYLOAD,
  });
  const readableStore = readYourWrites(store, () => recorder.forceFlush());
  const gateway = startGateway({ settings: config.gateway, recorder, redactor, version: assets.version, stops });
  const held = new Set(options.unapproved ?? []);
  let origin = '';
  let tokenFile = options.tokenFile ?? null;
  const directory = createServerDirectory({
    servers: gateway.servers,
    redactor,
    separator: config.gateway.toolNameSeparator,
    shelf: options.shelf ?? null,
    held,
    resolve: (id, server) => resolveServer(id, server, process.env),
    onConfig: secrets.addFrom,
  });
  const demo = createDemoPlayer({
    servers: gateway.servers,
    demoServer: assets.demoServer,
    origin: () => origin,
    token,
  });
  const services: RuntimeServices = {
    store: readableStore,
    servers: directory,
    demo,
    exports: createTraceExports(readableStore, redactor),
    appInfo: (canManage) => ({
      version: assets.version,
      host: options.host,
      canManage,
      origin,
      mcpUrl: `${origin}/mcp`,
      tokenFile,
    }),
  };

  const operatorSecret = options.manage ? newSecret() : null;
  const router = createContractRouter(services, report);
  const doors = await openDoors({
    port: options.port,
    token,
    gatewayDoors: [gateway.door],
    services,
    router,
    rendererDir: assets.rendererDir,
    operatorSecret,
    isReady: () => true,
    report,
  });
  origin = doors.origin;
  stops.add(() => doors.close());
  stops.add(() => {
    directory.stop();
    return demo.stop();
  });

  if (options.stateFile) {
    const state = { url: origin, token, pid: process.pid, startedAt: new Date().toISOString(), operatorSecret };
    const file = await writeStateFile(stateDirectory(), doors.port, state);
    stops.add(() => removeStateFile(file));
    tokenFile ??= stateFilePath(stateDirectory(), doors.port);
  }
  await startServers(gateway, config, held);
  return {
    origin,
    mcpUrl: `${origin}/mcp`,
    services,
    router,
    report,
    createUiUrl: () => doors.createUiUrl(options.manage),
    stop: () => stops.stop(),
  };
}

interface GatewayParts {
  readonly settings: GatewaySettings;
  readonly recorder: Recorder;
  readonly redactor: Redactor;
  readonly version: string;
  readonly stops: StopStack;
}

function startGateway({ settings, recorder, redactor, version, stops }: GatewayParts): Gateway {
  const clock = createClock();
  const tracing = createTracerHost({ serviceName: 'throughline', serviceVersion: version, processor: recorder });
  stops.add(() => tracing.stop());
  const gateway = createGateway({
    clock,
    observer: createTracingObserver({ tracer: tracing.tracer, recorder, clock }),
    sanitize: (text) => redactor.text(text),
    gatewayVersion: version,
    environment: process.env,
    connectTimeoutMillis: settings.connectTimeoutMs,
    requestTimeoutMillis: settings.requestTimeoutMs,
    sessions: settings.session,
    interceptor: emptyChain,
    toolNameSeparator: settings.toolNameSeparator,
    maxBodyBytes: settings.maxBodyBytes,
    maxSessions: MAX_SESSIONS,
    sessionIdleMillis: SESSION_IDLE_MILLIS,
  });
  stops.add(() => gateway.stop());
  return gateway;
}

async function startServers(gateway: Gateway, config: ThroughlineConfig, held: ReadonlySet<ServerId>): Promise<void> {
  for (const [id, server] of config.servers) {
    if (held.has(id)) await gateway.servers.hold(id, server, HELD_SENTENCE);
    else await gateway.servers.add(id, server);
  }
}
