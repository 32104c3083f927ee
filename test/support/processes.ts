import { readdirSync, readFileSync } from 'node:fs';

/** A process as the kernel knows it; start time tells it from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTicks: string;
  readonly state: string;
}

function readProcess(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything, spaces and parentheses included.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0] ?? '', parentPid: Number(fields[1]), startTicks: fields[19] ?? '' };
  } catch {
    // Gone between being listed and being read.
    return null;
  }
}

/** Every descendant of `pid` now. Linux only: elsewhere there is no /proc and this throws. */
export function descendantsOf(pid: number): ProcessIdentity[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== null);
  const found: ProcessIdentity[] = [];
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const process of all) {
      if (process.parentPid !== parent) continue;
      found.push(process);
      parents.push(process.pid);
    }
  }
  return found;
}

/** Whether that very process still runs. A zombie does not: it only waits for its parent to take note. */
export function isAlive(process: ProcessIdentity): boolean {
  const now = readProcess(process.pid);
  return now !== null && now.startTicks === process.startTicks && now.state !== 'Z';
}

/** Processor time that the threads of a process have used, in milliseconds; those that have ended are not counted. */
export function cpuMillis(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const NANOSECONDS_OF_A_MILLISECOND = 1e6;
  // Not /proc/PID/stat, which counts in ticks of 10 ms: a short round takes ten of them.
  const used = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return used.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / NANOSECONDS_OF_A_MILLISECOND;
}

/** Memory of a process that is in RAM, in bytes. */
export function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) * 1_024;
}
