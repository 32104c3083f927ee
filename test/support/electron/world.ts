import type { Events } from './strict.ts';
import type { WindowDouble } from './window.ts';

/** What the parts of the double share. */
export interface World {
  readonly calls: string[];
  readonly appEvents: Events;
  readonly windows: WindowDouble[];
  ready: boolean;
  exitCode: number | null;
}

export function mustBeReady(world: World, what: string): void {
  if (!world.ready) throw new Error(`${what} was used before the app was ready, which Electron forbids.`);
}

export function mustNotBeReady(world: World, what: string): void {
  if (world.ready) throw new Error(`${what} was used after the app was ready, where Electron ignores or forbids it.`);
}
