import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCli, temporaryFolder, type ExitStatus } from './cli-process.ts';
import { eventually } from './eventually.ts';
import { readOtlp, type OtlpSpan } from './otlp.ts';
import { descendantsOf, isAlive } from './processes.ts';

/** A line of `GET /api/traces`; more fields may be there. */
export interface TraceLine {
  readonly traceId: string;
  readonly name: string;
  readonly startTime: string;
  readonly durationMs: number | null;
  readonly status: string;
  readonly spanCount: number;
  readonly openSpanCount: number;
  readonly services: readonly string[];
  /** What its client was asked for and has not answered yet. */
  readonly waitsFor: readonly string[];
  readonly [more: string]: unknown;
}

interface ReadyLine {
  readonly event: string;
  readonly mcp: string;
  readonly otlp: string;
  readonly ui: string;
  readonly token: string;
  readonly otlpToken: string;
  readonly pid: number;
}

export interface GatewayOptions {
  /** The config file: an object, or text to be taken as it is. */
  readonly config?: Readonly<Record<string, unknown>> | string;
  readonly args?: readonly string[];
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `built`: what users run, for measuring it. */
  readonly program?: 'source' | 'built';
}

export interface GatewayProcess extends AsyncDisposable {
  readonly ready: ReadyLine;
  readonly origin: string;
  readonly token: string;
  readonly home: string;
  stdout(): string;
  stderr(): string;
  /** Any address of the gateway, with the token. */
  rest(path: string, init?: RequestInit): Promise<Response>;
  traces(): Promise<readonly TraceLine[]>;
  waitForTrace(what: string, matches: (trace: TraceLine) => boolean): Promise<TraceLine>;
  /** The finished spans of a trace once none of it is open, oldest first. */
  finishedSpans(traceId: string): Promise<readonly OtlpSpan[]>;
  tree(traceId: string): Promise<unknown>;
  /** Ends it with SIGTERM. Fails when any process that it started is still there afterwards. */
  stop(): Promise<ExitStatus>;
}

const TRACE_LIMIT = 1_000;
const REST_DEADLINE_MS = 10_000;
/** A start reads the sources from disk, which takes long while every processor is busy. */
const START_DEADLINE_MS = 60_000;

export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const home = options.home ?? temporaryFolder();
  const configFile = join(home, 'throughline.json');
  const { config = {} } = options;
  writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config));
  const args = ['serve', '--config', configFile, '--port', '0', '--json', ...(options.args ?? [])];
  const { env = {}, program = 'source' } = options;
  const cli = startCli(args, { home, env, program });
  let exit: ExitStatus | null = null;
  void cli.exited.then((status) => (exit = status));
  const line = await eventually(
    'the gateway said that it is ready',
    () => {
      if (exit !== null) throw new Error(`The gateway ended with ${JSON.stringify(exit)}: ${cli.stderr()}`);
      return cli.stdout().includes('\n') && cli.stdout();
    },
    START_DEADLINE_MS,
  );
  const ready = JSON.parse(line) as ReadyLine;
  const origin = new URL(ready.mcp).origin;

  async function rest(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${ready.token}`);
    return fetch(new URL(path, origin), { ...init, headers });
  }

  async function getJson(path: string): Promise<unknown> {
    const response = await rest(path, { signal: AbortSignal.timeout(REST_DEADLINE_MS) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  const traces = async (): Promise<readonly TraceLine[]> =>
    (await getJson(`/api/traces?limit=${TRACE_LIMIT}`)) as readonly TraceLine[];

  const waitForTrace: GatewayProcess['waitForTrace'] = (what, matches) =>
    eventually(what, async () => (await traces()).find(matches) ?? null);

  async function stop(): Promise<ExitStatus> {
    const children = descendantsOf(ready.pid);
    if (exit === null) cli.child.kill('SIGTERM');
    const status = await cli.exited;
    await eventually('every process that the gateway started has ended', () => !children.some(isAlive));
    return status;
  }

  return {
    ready,
    origin,
    token: ready.token,
    home,
    stdout: cli.stdout,
    stderr: cli.stderr,
    rest,
    traces,
    waitForTrace,
    async finishedSpans(traceId) {
      await eventually(`trace ${traceId} has ended`, async () => {
        // Not found until its first span is stored.
        const response = await rest(`/api/traces/${traceId}/tree`, { signal: AbortSignal.timeout(REST_DEADLINE_MS) });
        const { spanCount, openSpanCount } = (await response.json()) as TraceLine;
        return response.ok && spanCount > 0 && openSpanCount === 0;
      });
      return readOtlp(await getJson(`/api/traces/${traceId}`));
    },
    tree: (traceId) => getJson(`/api/traces/${traceId}/tree`),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
