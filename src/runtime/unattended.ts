import { setTimeout as delay } from 'node:timers/promises';
import { findLiveGateways, processIsAlive, stateDirectory, type GatewayState } from './state-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ANSWER_MILLIS = 3_000;
/** A gateway ends within 5 s of being asked to. */
const END_MILLIS = 6_000;
const LOOK_EVERY_MILLIS = 50;

/**
 * Ends the gateways of this token that nobody started on purpose, so that the app can take their place, port included;
 * their clients go on with the app. Resolves when they have ended, or have not in time; then the port tells. Never rejects.
 */
export async function endUnattended(token: string, environment: Environment): Promise<void> {
  const running = await findLiveGateways(stateDirectory(environment)).catch(() => []);
  const unattended = running.filter((state) => state.isUnattended && state.token === token);
  await Promise.all(unattended.map(end));
}

async function end(state: GatewayState): Promise<void> {
  // The file of a gateway that was killed may name a process number that somebody else has now.
  if (!(await answers(state))) return;
  try {
    process.kill(state.pid, 'SIGTERM');
  } catch {
    // It ended by itself just now.
    return;
  }
  const deadline = performance.now() + END_MILLIS;
  while (processIsAlive(state.pid) && performance.now() < deadline) await delay(LOOK_EVERY_MILLIS);
}

async function answers({ url, token }: GatewayState): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MILLIS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Refused or silent: no gateway.
    return false;
  }
}
