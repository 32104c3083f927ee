import { resolve } from 'node:path';
import { openAppHome } from '../runtime/app-home.ts';
import type { RuntimeAssets } from '../runtime/assets.ts';
import { emptyConfig } from '../runtime/config/config.ts';
import { loadConfig } from '../runtime/config/load-config.ts';
import type { RunningRuntime, RuntimeOptions } from '../runtime/create-runtime.ts';
import { createLineLogger } from '../runtime/log.ts';
import { withLoginPath } from '../runtime/login-path.ts';
import type { DemoCommand, ServeCommand } from './commands.ts';
import { endOnCrash } from './crash.ts';
import type { Output } from './output.ts';
import { keepHeapSmall } from './small-heap.ts';
import { listenForStop } from './stop-request.ts';
import { watchForUnused } from './unused-watch.ts';
import { chooseToken, type ChosenToken } from './token.ts';

export interface HostSurroundings {
  readonly assets: RuntimeAssets;
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Stacks in the log. */
  readonly debug: boolean;
}

/** Runs the gateway until it is asked to stop; answers with the exit code. */
export async function runServe(command: ServeCommand, surroundings: HostSurroundings): Promise<number> {
  const { environment } = surroundings;
  const dataDir = command.dataDir === null ? null : resolve(command.dataDir);
  const { port, manage } = command;
  if (command.appDir !== null) {
    const home = await openAppHome(resolve(command.appDir), environment);
    const { config } = home;
    const chosen = chooseToken(command.token, environment, home.token);
    const kept = { home, tokenFile: chosen.source === 'kept' ? home.tokenFile : null };
    return runHost({ config, port, dataDir, manage, ...kept }, chosen, command, surroundings);
  }
  const config = command.config === null ? emptyConfig() : await loadConfig(command.config, environment);
  const chosen = chooseToken(command.token, environment);
  return runHost({ config, port, dataDir, manage }, chosen, command, surroundings);
}

/** The same with nothing configured, and the scripted session played once it runs. */
export async function runDemo(command: DemoCommand, surroundings: HostSurroundings): Promise<number> {
  const options = { config: emptyConfig(), port: command.port, dataDir: null, manage: false };
  const chosen = chooseToken(command.token, surroundings.environment);
  const lasting = { json: command.json, exitWhenUnusedSeconds: null };
  return runHost(options, chosen, lasting, surroundings, (runtime) => runtime.services.demo.play());
}

async function runHost(
  options: Pick<RuntimeOptions, 'config' | 'port' | 'dataDir' | 'manage' | 'home' | 'tokenFile'>,
  chosen: ChosenToken,
  { json, exitWhenUnusedSeconds }: Pick<ServeCommand, 'json' | 'exitWhenUnusedSeconds'>,
  { assets, output, environment, debug }: HostSurroundings,
  begin: (runtime: RunningRuntime) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  // Before anything starts: a signal that comes while it does must stop it too.
  const stop = listenForStop(() => {
    output.err('Stopping took too long, so what was left was cut off; the newest spans may be missing.');
  });
  // Loaded here, so that the commands that start nothing need not load it.
  const { startRuntime } = await import('../runtime/create-runtime.ts');
  const isUnattended = exitWhenUnusedSeconds !== null;
  // Who starts it in the background may itself have been started by the desktop, with a desktop's poor PATH.
  const login = isUnattended ? await withLoginPath(environment) : { environment, problem: null };
  const runtime = await startRuntime({
    ...options,
    environment: login.environment,
    isUnattended,
    token: chosen.token,
    host: 'headless',
    stateFile: true,
    log: createLineLogger(process.stderr),
    assets,
    debug,
  });
  const endWatchForCrash = endOnCrash(runtime);
  // Not before: what is loaded to begin with would be collected again and again while it arrives.
  keepHeapSmall();
  if (login.problem !== null) runtime.report('Asking the login shell for PATH', new Error(login.problem));
  const watch = exitWhenUnusedSeconds === null ? null : watchForUnused(runtime, exitWhenUnusedSeconds);
  const over = Promise.race([stop.made, ...(watch === null ? [] : [watch.unused])]);
  try {
    const announced = begin(runtime).then(() => announce(runtime, chosen, json, output));
    await Promise.race([announced, over]);
    await over;
  } finally {
    watch?.stop();
    await runtime.stop();
    endWatchForCrash();
  }
  return 0;
}

async function announce(runtime: RunningRuntime, chosen: ChosenToken, json: boolean, output: Output): Promise<void> {
  const ui = runtime.createUiUrl();
  if (json) {
    const { origin, mcpUrl: mcp, otlp } = runtime;
    const doors = { mcp, rpc: `${origin}/rpc`, otlp: otlp.url, ui };
    const ready = { event: 'ready', ...doors, token: chosen.token, otlpToken: otlp.token, pid: process.pid };
    await output.out(`${JSON.stringify(ready)}\n`);
    return;
  }
  const { tokenFile } = runtime.services.appInfo(false);
  const inFile = tokenFile === null ? 'generated; start again with --token to choose it' : `in ${tokenFile}`;
  const whereToken = {
    option: 'the one given with --token',
    environment: 'the one in THROUGHLINE_TOKEN',
    kept: inFile,
    generated: inFile,
  }[chosen.source];
  await output.out(
    `Throughline is running; Ctrl-C stops it.\n` +
      `MCP endpoint: ${runtime.mcpUrl}\n` +
      `OTLP receiver: ${runtime.otlp.url}\n` +
      `Token: ${whereToken}\n` +
      `Open: ${ui}\n` +
      `(The page's address works once within 60 seconds; "throughline open" gives a fresh one.)\n`,
  );
}
