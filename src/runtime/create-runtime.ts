import type { Gateway } from '../gateway/gateway.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { Stop } from '../shared/kernel/listeners.ts';
import type { RuntimeAssets } from './assets.ts';
import type { ThroughlineConfig } from './config/config.ts';
import { resolveServer } from './config/server-entry.ts';
import { createDemoPlayer } from './demo/demo-player.ts';
import { startGateway } from './gateway-host.ts';
import { newSecret } from './http/secrets.ts';
import { openDoors, type OpenDoors } from './http/open-doors.ts';
import { createFailureReporter, type Logger, type ReportFailure } from './log.ts';
import type { ContractRouter } from './operations/context.ts';
import { createContractRouter } from './operations/create-contract-router.ts';
import { startRecording, type Recording } from './recording.ts';
import { createVirtualDirectory } from './virtual-directory.ts';
import { createServerDirectory, HELD_SENTENCE, type ServerShelf } from './server-directory.ts';
import type { RuntimeServices } from './services.ts';
import { removeStateFile, stateDirectory, writeStateFile } from './state-file.ts';
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
  /** What servers that are started inherit from; the process's own unless told. */
  readonly environment?: NodeJS.ProcessEnv;
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
  const recording = await startRecording(options, stops);
  const report = createFailureReporter(options.log, recording.redactor, options.debug ?? false);
  const gateway = startGateway({
    settings: config.gateway,
    recording,
    version: assets.version,
    environment: options.environment ?? process.env,
    report,
    stops,
  });
  const held = new Set(options.unapproved ?? []);
  // Known once the doors are open; nobody can ask before.
  const address: Address = { origin: '', tokenFile: options.tokenFile ?? null };
  const services = createServices(options, { recording, gateway, held, address, stops });
  const router = createContractRouter(services, report);

  const operatorSecret = options.manage ? newSecret() : null;
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
  stops.add(() => doors.close());
  address.origin = doors.origin;
  if (options.stateFile) {
    const file = await leaveStateFile(doors, token, operatorSecret, stops);
    address.tokenFile ??= file;
  }
  stops.add(logFailures(gateway.servers, options.log, recording.redactor));
  await startServers(gateway, config, held);
  return {
    origin: doors.origin,
    mcpUrl: `${doors.origin}/mcp`,
    services,
    router,
    report,
    createUiUrl: () => doors.createUiUrl(options.manage),
    stop: () => stops.stop(),
  };
}

interface Address {
  origin: string;
  tokenFile: string | null;
}

interface ServiceParts {
  readonly recording: Recording;
  readonly gateway: Gateway;
  readonly held: Set<ServerId>;
  readonly address: Readonly<Address>;
  readonly stops: StopStack;
}

function createServices(options: RuntimeOptions, parts: ServiceParts): RuntimeServices {
  const { recording, gateway, held, address, stops } = parts;
  const { redactor, store, secrets } = recording;
  const servers = createServerDirectory({
    servers: gateway.servers,
    virtualServers: gateway.virtualServers,
    redactor,
    separator: options.config.gateway.toolNameSeparator,
    shelf: options.shelf ?? null,
    held,
    resolve: (id, server) => resolveServer(id, server, process.env),
    onConfig: secrets.addFrom,
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
    store,
    servers,
    virtualServers: createVirtualDirectory({ gateway, redactor }),
    demo,
    exports: createTraceExports(store, redactor),
    appInfo: (canManage) => ({
      version: options.assets.version,
      host: options.host,
      canManage,
      origin: address.origin,
      mcpUrl: `${address.origin}/mcp`,
      tokenFile: address.tokenFile,
      secretStorage: { kind: 'run', file: null },
    }),
  };
}

/** Writes the user-only file by which other commands find this gateway; answers with its path. */
async function leaveStateFile(
  { origin, port }: OpenDoors,
  token: string,
  operatorSecret: string | null,
  stops: StopStack,
): Promise<string> {
  const state = { url: origin, token, pid: process.pid, startedAt: new Date().toISOString(), operatorSecret };
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

async function startServers(gateway: Gateway, config: ThroughlineConfig, held: ReadonlySet<ServerId>): Promise<void> {
  for (const [id, server] of config.servers) {
    if (held.has(id)) await gateway.servers.hold(id, server, HELD_SENTENCE);
    else await gateway.servers.add(id, server);
  }
}
