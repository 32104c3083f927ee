import { startFaultHttp } from '../fixtures/servers/faults/fault-http.ts';
import { startStage } from '../integration/faults/stage.ts';
import { footprintOf } from '../support/footprint.ts';
import { FAULT_STDIO } from '../support/puppeteer.ts';
import { oneRound } from './load.ts';
import { leaksOf, type Sample } from './verdict.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly report: (line: string) => void;
}

/** Of the table; every round is judged. */
const LINES = 30;

/** Loads a built gateway for as long as it is told, over loopback only. Resolves with what leaked, in sentences. */
export async function runSoak({ minutes, report }: SoakOptions): Promise<readonly string[]> {
  await using remote = await startFaultHttp();
  const servers = {
    own: FAULT_STDIO,
    shared: { ...FAULT_STDIO, session: 'shared' },
    remote: { type: 'http', url: remote.url },
  };
  await using stage = await startStage({ servers, settings: { storeBudgetMb: 8 }, program: 'built' });
  const begin = performance.now();
  const samples: Sample[] = [];
  let calls = 0;
  let printed = -1;
  report(row(['seconds', 'calls', 'MB', 'sockets', 'pipes', 'files', 'others', 'children', 'threads']));

  const sample = (): void => {
    const seconds = Math.round((performance.now() - begin) / 1_000);
    const footprint = footprintOf(stage.pid);
    samples.push({ seconds, calls, megabytes: stage.megabytes(), footprint });
    const line = Math.floor((seconds / (minutes * 60)) * LINES);
    if (line === printed) return;
    printed = line;
    const { sockets, pipes, files, others, children, threads } = footprint;
    report(row([seconds, calls, stage.megabytes(), sockets, pipes, files, others, children, threads]));
  };

  await oneRound(stage);
  await stage.settled();
  const start = footprintOf(stage.pid);
  while (performance.now() - begin < minutes * 60_000) {
    calls += await oneRound(stage);
    sample();
  }
  await stage.settled();
  return leaksOf(samples, start, footprintOf(stage.pid));
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(9)).join('');
}
