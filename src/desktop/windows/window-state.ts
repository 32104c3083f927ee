import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';

/** Remembers where the window was. What cannot be read or written is as if nothing had been remembered. */
export interface WindowState {
  /** Where the window was last, when that is still on a screen; else nothing, and the defaults hold. */
  load(screens: readonly Rectangle[]): Partial<Rectangle>;
  save(bounds: Rectangle): void;
}

/** How much of the window must be on a screen to be found and dragged, in pixels. */
const VISIBLE_EDGE = 64;

export function createWindowState(file: string, report: (doing: string, thrown: unknown) => void): WindowState {
  return {
    load(screens) {
      const bounds = readBounds(file);
      return bounds !== null && screens.some((screen) => showsEnough(screen, bounds)) ? bounds : {};
    },
    save(bounds) {
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, JSON.stringify(bounds), { mode: 0o600 });
      } catch (thrown) {
        report('Remembering the window', thrown);
      }
    },
  };
}

function readBounds(file: string): Rectangle | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRectangle(parsed) ? parsed : null;
  } catch {
    // Absent at the first start, and a broken file is replaced when the window closes.
    return null;
  }
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>;
  return [x, y, width, height].every(Number.isInteger);
}

function showsEnough(screen: Rectangle, window: Rectangle): boolean {
  const overlapX = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x);
  const overlapY = Math.min(screen.y + screen.height, window.y + window.height) - Math.max(screen.y, window.y);
  return overlapX >= VISIBLE_EDGE && overlapY >= VISIBLE_EDGE;
}
