import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayAddress, GatewaySource } from '../bridge/gateway-source.ts';
import { appDirectory } from '../runtime/app-location.ts';
import { findLiveGateways, stateDirectory, type GatewayState } from '../runtime/state-file.ts';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import { checkedToken, type BridgeCommand } from './commands.ts';
import { sameGateway } from './gateway-client.ts';
import { startGateway } from './start-gateway.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ANSWER_MILLIS = 3_000;

const NONE_RUNS =
  'No running gateway was found: open Throughline or run "throughline serve", or leave out --no-start to have one started.';

/** Finds the gateway of a bridge again and again, for it may be restarted at another port and with another token. */
export function createBridgeGateways(
  command: Pick<BridgeCommand, 'url' | 'token' | 'noStart'>,
  environment: Environment,
  cliModule: string,
): GatewaySource {
  const directory = stateDirectory(environment);

  async function find(): Promise<Result<GatewayAddress, string>> {
    const running = await findLiveGateways(directory).catch(() => null);
    if (running === null)
      return err(`The folder ${directory} cannot be read: make it yours, or name another by THROUGHLINE_STATE_DIR.`);
    const candidates = await candidatesOf(command, environment, running);
    let problem: string | null = null;
    for (const candidate of candidates) {
      const trouble = await troubleWith(candidate);
      if (trouble === null) return ok(candidate);
      problem ??= trouble;
    }
    if (command.url === null) return err(problem ?? NONE_RUNS);
    return err(problem ?? `The token of ${command.url} is not known here: give it with --token or THROUGHLINE_TOKEN.`);
  }

  const start = (): Promise<void> =>
    startGateway({
      environment,
      cliModule,
      stateDirectory: directory,
      token: command.token,
      isThere: async () => (await find()).ok,
    });

  // An address that was given names one gateway; another would not do.
  return { find, start: command.noStart || command.url !== null ? null : start };
}

/** The gateways that may be meant, newest first. */
async function candidatesOf(
  { url, token }: Pick<BridgeCommand, 'url' | 'token'>,
  environment: Environment,
  running: readonly GatewayState[],
): Promise<readonly GatewayAddress[]> {
  const fromEnvironment = environment['THROUGHLINE_TOKEN'] ?? '';
  const chosen = token ?? (fromEnvironment === '' ? null : checkedToken(fromEnvironment, 'THROUGHLINE_TOKEN'));
  const kept = await readFile(join(appDirectory(environment), 'token'), 'utf8').catch(() => '');
  const own = chosen ?? kept.trim();
  const addressOf = (origin: string, its: string): GatewayAddress => ({ origin, token: its, isOwn: its === own });
  if (url === null) return running.map((state) => addressOf(state.url, chosen ?? state.token));
  const state = running.find((candidate) => sameGateway(candidate.url, url));
  const known = chosen ?? state?.token;
  return known === undefined ? [] : [addressOf(url, known)];
}

/** Null when the gateway answers and takes the token. A state file outlives a gateway that was killed. */
async function troubleWith({ origin, token }: GatewayAddress): Promise<string | null> {
  try {
    const { status, body } = await fetch(`${origin}/health`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MILLIS),
    });
    await body?.cancel();
    if (status === 200) return null;
    return status === 401
      ? `The gateway at ${origin} refused the token: give the one it was started with by --token or THROUGHLINE_TOKEN.`
      : `What answers at ${origin} is no gateway that takes calls (HTTP ${status}).`;
  } catch {
    // Refused, silent, or cut off: all the same to whoever looks for a gateway.
    return `No gateway answers at ${origin}: open Throughline or run "throughline serve".`;
  }
}
