import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { locateAssets } from '../../src/runtime/assets.ts';

describe('locateAssets', () => {
  it('finds what runs from the sources', () => {
    const assets = locateAssets(new URL('../../src/cli/main.ts', import.meta.url).href);
    expect(existsSync(assets.storeWorker)).toBe(true);
    expect(existsSync(assets.demoServer)).toBe(true);
    expect(assets.rendererDir).toMatch(/\/dist\/renderer\/$/);
    expect(assets.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each(['cli', 'desktop'])('finds what was built, from dist/%s/main.js', async (room) => {
    const root = await mkdtemp(join(tmpdir(), 'throughline-assets-'));
    await mkdir(join(root, 'dist', room), { recursive: true });
    await writeFile(join(root, 'package.json'), '{"version": "1.2.3"}');
    const assets = locateAssets(pathToFileURL(join(root, 'dist', room, 'main.js')).href);
    expect(assets).toEqual({
      storeWorker: pathToFileURL(join(root, 'dist', 'store', 'worker.js')),
      demoServer: join(root, 'dist', 'demo', 'server.js'),
      rendererDir: join(root, 'dist', 'renderer') + '/',
      version: '1.2.3',
    });
    await rm(root, { recursive: true });
  });
});
