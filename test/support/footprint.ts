import { readdirSync, readlinkSync } from 'node:fs';
import { descendantsOf, isAlive, residentBytes } from './processes.ts';

/** What a process holds, seen from outside. Linux only. */
export interface Footprint {
  /** Network connections and the ends of its children's pipes, which are sockets too. */
  readonly sockets: number;
  readonly pipes: number;
  readonly files: number;
  /** Event polls, timers and the like. */
  readonly others: number;
  readonly children: number;
  readonly threads: number;
}

export function footprintOf(pid: number): Footprint {
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(pid, fd));
  const count = (fits: (target: string) => boolean): number => targets.filter(fits).length;
  return {
    sockets: count((target) => target.startsWith('socket:')),
    pipes: count((target) => target.startsWith('pipe:')),
    files: count((target) => target.startsWith('/')),
    others: count((target) => target.startsWith('anon_inode:')),
    children: descendantsOf(pid).filter(isAlive).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}

/** What of `now` is more than it was. */
export function growthOf(before: Footprint, now: Footprint): Partial<Footprint> {
  const grown = Object.entries(now).filter(([kind, count]) => count > before[kind as keyof Footprint]);
  return Object.fromEntries(grown.map(([kind, count]) => [kind, count - before[kind as keyof Footprint]]));
}

export function residentMegabytes(pid: number): number {
  return Math.round(residentBytes(pid) / 1_048_576);
}

function targetOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    // Closed between being listed and being read.
    return '';
  }
}
