import { spawn } from 'node:child_process';
import { startGateway } from '../support/gateway-process.ts';
import { residentBytes } from '../support/processes.ts';
import { benchScript, httpCaller, type Caller } from './callers.ts';
import { startPeer, type Peer } from './peers.ts';
import { callMany, CPU_CONCURRENCY } from './rounds.ts';
import { untilRecorded } from './ways.ts';

const ECHO = { command: process.execPath, args: [benchScript('echo-stdio-server.ts')] };

/** Resident memory of a fresh gateway, traces kept, after each of these many calls (counted from its start). */
export async function memoryAfter(
  callCounts: readonly number[],
  settings: Readonly<Record<string, unknown>>,
): Promise<readonly number[]> {
  const gateway = await startGateway({ program: 'built', config: { mcpServers: { echo: ECHO }, gateway: settings } });
  const caller = await httpCaller(`${gateway.origin}/servers/echo/mcp`, CPU_CONCURRENCY, gateway.token);
  const figures: number[] = [];
  let done = 0;
  for (const count of callCounts) {
    await callMany(caller, count - done, CPU_CONCURRENCY);
    done = count;
    await untilRecorded(caller, gateway);
    figures.push(residentBytes(gateway.ready.pid));
  }
  await caller.close();
  await gateway.stop();
  return figures;
}

/** What one idle client session adds to the gateway's resident memory, its server shared by all of them. */
export async function memoryPerIdleSession(sessions: number): Promise<number> {
  const gateway = await startGateway({
    program: 'built',
    config: { mcpServers: { echo: ECHO }, gateway: { session: 'shared' } },
  });
  const url = `${gateway.origin}/servers/echo/mcp`;
  const first: Caller[] = [];
  // The first ones pay for what is made once: code that is compiled, connections to the server.
  for (let index = 0; index < sessions / 4; index += 1) first.push(await openIdle(url, gateway.token));
  const before = residentBytes(gateway.ready.pid);
  const callers: Caller[] = [];
  for (let index = 0; index < sessions; index += 1) callers.push(await openIdle(url, gateway.token));
  const after = residentBytes(gateway.ready.pid);
  await Promise.all([...first, ...callers].map((caller) => caller.close()));
  await gateway.stop();
  return (after - before) / sessions;
}

async function openIdle(url: string, token: string): Promise<Caller> {
  const caller = await httpCaller(url, 1, token);
  await caller.call();
  return caller;
}

export interface StartTimes {
  readonly name: string;
  /** Milliseconds from spawning the process to the first answered call, one for each try. */
  readonly millis: readonly number[];
}

/** Ends what a start left running; outside the measured time. */
type Stop = () => Promise<void>;

/** From spawning to the first answered call, each program in turn, and Node itself doing nothing. */
export async function startTimes(peers: readonly Peer[], tries: number): Promise<readonly StartTimes[]> {
  const programs: { name: string; start: () => Promise<Stop> }[] = [
    { name: 'node alone', start: startNode },
    { name: 'throughline', start: startOurs },
    ...peers.map((peer) => ({ name: peer.name, start: () => startOnePeer(peer) })),
  ];
  const times = programs.map(({ name }) => ({ name, millis: [] as number[] }));
  for (let attempt = 0; attempt < tries; attempt += 1) {
    for (const [index, { start }] of programs.entries()) {
      const startedAt = performance.now();
      const stop = await start();
      times[index]?.millis.push(performance.now() - startedAt);
      await stop();
    }
  }
  return times;
}

function startNode(): Promise<Stop> {
  return new Promise((resolve) => {
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', () => {
      resolve(() => Promise.resolve());
    });
  });
}

async function startOurs(): Promise<Stop> {
  const gateway = await startGateway({ program: 'built', config: { mcpServers: { echo: ECHO } } });
  const caller = await httpCaller(`${gateway.origin}/servers/echo/mcp`, 1, gateway.token);
  await caller.call();
  return async () => {
    await caller.close();
    await gateway.stop();
  };
}

async function startOnePeer(peer: Peer): Promise<Stop> {
  const running = await startPeer(peer);
  const caller = await peer.open(running.port, 1);
  await caller.call(undefined, peer.tool);
  return async () => {
    await caller.close();
    await running.stop();
  };
}
