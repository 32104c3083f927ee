import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWindowState } from '../../../src/desktop/windows/window-state.ts';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const BOUNDS = { x: 100, y: 50, width: 1200, height: 800 };

let folder: string;
const reports: string[] = [];
const report = (doing: string): void => {
  reports.push(doing);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-window-'));
  reports.length = 0;
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('remembering the window', () => {
  it('gives back what was saved', () => {
    const file = join(folder, 'new', 'window.json');
    createWindowState(file, report).save(BOUNDS);
    expect(createWindowState(file, report).load([SCREEN])).toEqual(BOUNDS);
  });

  it('S26: only this user can read the file', async () => {
    const file = join(folder, 'new', 'window.json');
    createWindowState(file, report).save(BOUNDS);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['its screen is gone', { ...BOUNDS, x: 5000 }],
    ['only an edge would be seen', { ...BOUNDS, x: 1900 }],
    ['it is above every screen', { ...BOUNDS, y: -790 }],
  ])('forgets a place when %s', (_why, bounds) => {
    const state = createWindowState(join(folder, 'window.json'), report);
    state.save(bounds);
    expect(state.load([SCREEN])).toEqual({});
  });

  it.each(['', 'not json', 'null', '[]', '{"x":1}', '{"x":"0","y":0,"width":1,"height":1}', '{"x":0.5,"y":0}'])(
    'starts afresh from a file that says %j',
    async (text) => {
      const file = join(folder, 'window.json');
      await writeFile(file, text);
      expect(createWindowState(file, report).load([SCREEN])).toEqual({});
    },
  );

  it('reports a place that cannot be written and goes on', async () => {
    await writeFile(join(folder, 'file'), '');
    createWindowState(join(folder, 'file', 'window.json'), report).save(BOUNDS);
    expect(reports).toEqual(['Remembering the window']);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('');
  });
});
