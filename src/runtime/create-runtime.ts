import type { Gateway } from '../gateway/gateway.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { Redactor } from '../redaction/port.ts';
import type { Stop } from '../shared/kernel/listeners.ts';
import type { AppHome } from './app-home.ts';
import type { RuntimeAssets } from './assets.ts';
import type { ThroughlineConfig } from './config/config.ts';
import type { Environment } from './config/references.ts';
import { createDemoPlayer } from './demo/demo-player.ts';
import { startGateway } from './gateway-host.ts';
import type { HttpDoor } from './http/http-door.ts';
import { newSecret } from './http/secrets.ts';
import { createPlanDoor } from './http/plan-door.ts';
import { openDoors, type OpenDoors } from './http/open-doors.ts';
import { OTLP_PATH } from './http/otlp-door.ts';
import { closedBecause, createReceiverTally } from './ingest/receiver-counts.ts';
import { createTelemetryEnvironment } from './ingest/telemetry-environment.ts';
import { createFailureReporter, type Logger, type ReportFailure } from './log.ts';
import { openDesks, type Desks } from './open-desks.ts';
import type { ContractRouter } from './operations/context.ts';
import { createContractRouter } from './operations/create-contract-router.ts';
import type { RunningRedactionDesk } from './redaction/redaction-desk.ts';
import { createCallPlans } from './plan/call-plans.ts';
import { startRecording, type Recording } from './recording.ts';
import { historyPlaceOf } from './settings/history-place.ts';
import { createServerDirectory, type StoppableDirectory } from './server-directory.ts';
import type { RuntimeServices } from './services.ts';
import { removeStateFile, stateDirectory, writeStateFile, type GatewayState } from './state-file.ts';
import { createStopStack, type StopStack } from './stop-stack.ts';
import { createTraceExports } from './trace-exports.ts';
import { createTurns } from './turns.ts';
import { createVirtualDirectory } from './virtual-directory.ts';

export interface RuntimeOptions {
  readonly config: ThroughlineConfig;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  /** Where traces are kept on disk, whatever the settings say; null leaves it to them. */
  readonly dataDir: string | null;
  /** Pages opened with a one-time code may add and start servers. */
  readonly manage: boolean;
  readonly host: 'desktop' | 'headless';
  /** Leaves a user-only file by which other commands find this gateway. */
  readonly stateFile: boolean;
  readonly log: Logger;
  readonly assets: RuntimeAssets;
  /** Where servers added in the interface and their secrets are kept; absent or null: for this run only. */
  readonly home?: Pick<AppHome, 'shelf' | 'vault' | 'notices' | 'historyFile' | 'ingestToken'> | null;
  /** The user-only file that holds the token, when it is not the state file. */
  readonly tokenFile?: string | null;
  readonly debug?: boolean;
  /** What servers that are started inherit from; the process's own unless told. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Nobody started it on purpose; the app may take its place. */
  readonly isUnattended?: boolean;
}

/** Who is connected now. */
export interface Usage {
  readonly clients: number;
  /** Open pages of the interface, but for a window of the host's own. */
  readonly pages: number;
}

export interface RunningRuntime {
  readonly origin: string;
  readonly mcpUrl: string;
  /** Where spans of others are taken, and the token that opens nothing else. */
  readonly otlp: { readonly url: string; readonly token: string };
  readonly services: RuntimeServices;
  /** The contract over these services, for a host to put on a wire of its own. */
  readonly router: ContractRouter;
  /** Writes a failure of the host to the log, redacted. */
  readonly report: ReportFailure;
  /** Address of the interface with a one-time code in it (60 s, single use). */
  createUiUrl(): string;
  usage(): Usage;
  /** Told when secrets that are hidden begin to be kept for showing them, and when that ends. */
  onReveal(listener: (isOn: boolean) => void): Stop;
  /** Flushes and ends everything, in order. Idempotent. */
  stop(): Promise<void>;
}

/** How long sending goes on once the gateway is to end, its own end included: five seconds are promised for all of it. */
const FORWARDING_STOP_MILLIS = 3_000;

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
  const { dataDir } = options;
  const history = historyPlaceOf({ settings: config.tracing, dataDir, homeFile: options.home?.historyFile ?? null });
  const ingestToken = options.home?.ingestToken ?? newSecret();
  const recording = await startRecording({ config, tokens: [token, ingestToken], assets, history }, stops);
  const report = createFailureReporter(options.log, recording.redactor, options.debug ?? false);
  if (recording.refusal !== null) options.log.warn(recording.redactor.text(recording.refusal));
  const environment: Environment = options.environment ?? process.env;
  const home = options.home ?? null;
  const desks = await openDesks({ config, home, environment, history, recording, log: options.log, report, stops });
  // Known once the doors are open; nobody can ask before.
  const address: Address = { origin: '', tokenFile: options.tokenFile ?? null };
  const closed = () => closedBecause(desks.settings.current());
  // Servers send their last spans when they end.
  const closeAfterServers = stops.reserve();
  const gateway = startGateway({
    settings: config.gateway,
    recording,
    policy: desks.settings.current,
    version: assets.version,
    telemetryEnvironment: createTelemetryEnvironment({
      origin: () => address.origin,
      ingestToken,
      isOpen: () => closed() === null,
    }),
    environment,
    report,
    stops,
  });
  for (const notice of options.home?.notices ?? []) options.log.warn(recording.redactor.text(notice));
  const services = createServices(options, { recording, desks, gateway, address, stops });
  const router = createContractRouter(services, report);

  const tally = createReceiverTally();
  desks.settings.receivesThrough(tally.counts);
  const operatorSecret = options.manage ? newSecret() : null;
  const doors = await openDoors({
    port: options.port,
    token,
    ingestToken,
    receiver: { ingest: recording.ingest, tally, closedBecause: closed },
    gatewayDoors: [gateway.door, planDoorOf(options, { gateway, recording, address, report })],
    services,
    router,
    rendererDir: assets.rendererDir,
    operatorSecret,
    isReady: () => true,
    report,
  });
  closeAfterServers(() => doors.close());
  stops.add(() => doors.drain());
  address.origin = doors.origin;
  if (options.stateFile) {
    const known = { token, ingestToken, operatorSecret, isUnattended: options.isUnattended ?? false };
    const file = await leaveStateFile(doors, known, stops);
    address.tokenFile ??= file;
  }
  stops.add(logFailures(gateway.servers, options.log, recording.redactor));
  await desks.forwarding.start(doors.origin);
  for (const [id, virtual] of config.virtualServers) gateway.virtualServers.set(id, virtual);
  await services.servers.start();
  stops.add(() => {
    desks.forwarding.announceStop(FORWARDING_STOP_MILLIS);
  });
  return {
    origin: doors.origin,
    mcpUrl: `${doors.origin}/mcp`,
    otlp: { url: doors.origin + OTLP_PATH, token: ingestToken },
    services,
    router,
    report,
    createUiUrl: () => doors.createUiUrl(options.manage),
    usage: () => ({ clients: gateway.clientCount(), pages: doors.pageCount() }),
    onReveal: services.redaction.onReveal,
    stop: () => stops.stop(),
  };
}

type PlanParts = Pick<ServiceParts, 'gateway' | 'recording' | 'address'> & { readonly report: ReportFailure };

/** Calls that are planned here and made by others. */
function planDoorOf({ config }: RuntimeOptions, parts: PlanParts): HttpDoor {
  const { gateway, recording, address, report } = parts;
  const plans = createCallPlans({
    planner: gateway.planner,
    withSecrets: config.gateway.planSecrets,
    sanitize: (text) => recording.redactor.text(text),
    mcpUrl: () => `${address.origin}/mcp`,
  });
  return createPlanDoor({ plans, maxBodyBytes: config.gateway.maxBodyBytes, report });
}

interface Address {
  origin: string;
  tokenFile: string | null;
}

interface ServiceParts {
  readonly recording: Recording;
  readonly desks: Desks;
  readonly gateway: Gateway;
  readonly address: Readonly<Address>;
  readonly stops: StopStack;
}

interface Services extends RuntimeServices {
  readonly servers: StoppableDirectory;
  readonly redaction: RunningRedactionDesk;
}

function createServices(options: RuntimeOptions, parts: ServiceParts): Services {
  const { recording, desks, gateway, address, stops } = parts;
  const { redactor, store, secrets } = recording;
  const { redaction, settings, forwarding, shelf, vault, sources } = desks;
  const inTurn = createTurns();
  const servers = createServerDirectory({
    servers: gateway.servers,
    virtualServers: gateway.virtualServers,
    redactor,
    separator: options.config.gateway.toolNameSeparator,
    exposedUri: (server, uri) => gateway.exposedUri(server, uri),
    configured: options.config.servers,
    shelf,
    sources,
    onConfig: secrets.addFrom,
    inTurn,
  });
  const demo = createDemoPlayer({
    servers: gateway.servers,
    demoServer: options.assets.demoServer,
    origin: () => address.origin,
    token: options.token,
  });
  stops.add(() => {
    servers.stop();
    return demo.stop();
  });
  return {
    store: { ...store, clear: () => store.clear().then(() => redaction.cleared()) },
    redaction,
    servers,
    virtualServers: createVirtualDirectory({ gateway, shelf, inTurn }),
    demo,
    exports: createTraceExports(store, redactor),
    imports: recording.imports,
    settings,
    forwarding,
    appInfo: (canManage) => ({
      version: options.assets.version,
      host: options.host,
      canManage,
      origin: address.origin,
      mcpUrl: `${address.origin}/mcp`,
      otlpUrl: address.origin + OTLP_PATH,
      tokenFile: address.tokenFile,
      secretStorage: vault.storage,
    }),
  };
}

/** Writes the user-only file by which other commands find this gateway; answers with its path. */
async function leaveStateFile(
  { origin, port }: OpenDoors,
  known: Pick<GatewayState, 'token' | 'ingestToken' | 'operatorSecret' | 'isUnattended'>,
  stops: StopStack,
): Promise<string> {
  const state = { ...known, url: origin, pid: process.pid, startedAt: new Date().toISOString() };
  const file = await writeStateFile(stateDirectory(), port, state);
  stops.add(() => removeStateFile(file));
  return file;
}

/** Says once on the log what the page shows: that a server is not there, and why. */
function logFailures(servers: ServerRegistry, log: Logger, redactor: Redactor): Stop {
  const told = new Map<string, string | null>();
  return servers.onChange(() => {
    for (const server of servers.all()) {
      const { failure } = server.status();
      if (failure !== null && told.get(server.id) !== failure) log.warn(redactor.text(failure));
      told.set(server.id, failure);
    }
  });
}
