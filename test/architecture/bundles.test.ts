import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeFromText, isNodeBuiltin, packageOf, parseBundle, readBundles, type Bundle } from './bundles.ts';
import { ROOT } from './sources.ts';

let read: Bundle[] | null = null;

/** Read once: parsing the page takes longer than all that is asked about it. */
function built(): Bundle[] {
  read ??= readBundles();
  return read;
}

function bundle(path: string): Bundle {
  const found = built().find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`dist/${path} was not built: run "npm run build".`);
  return found;
}

function packagesOf({ loads }: Bundle): string[] {
  return [...new Set(loads.map(packageOf).filter((name) => name !== null))];
}

const HEADLESS = ['cli/main.js', 'store/worker.js', 'demo/server.js'];

describe('the built bundles', () => {
  it.each(HEADLESS)('dist/%s does not know of Electron', (path) => {
    expect(bundle(path).loads).not.toContain('electron');
  });

  it.each([...HEADLESS, 'desktop/main.js'])('dist/%s has its npm packages in it: a start reads one file', (path) => {
    // Native helpers that the WebSocket library uses when somebody has installed them, and does without otherwise.
    const allowed = ['electron', 'bufferutil', 'utf-8-validate'];
    expect(packagesOf(bundle(path)).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('dist/upstream leaves its packages outside, so that a server and it share one OpenTelemetry API', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const files = built().filter(({ path }) => path.startsWith('upstream/'));
    const packages = [...new Set(files.flatMap(packagesOf))];
    expect(packages).toContain('@opentelemetry/api');
    expect(packages.filter((name) => dependencies[name] === undefined)).toEqual([]);
    // What is loaded before anybody knows that there is something to trace.
    for (const path of ['upstream/index.js', 'upstream/connections.js', 'upstream/switch.js'])
      expect(packagesOf(bundle(path))).toEqual([]);
  });

  it('S10: the preload script is one CommonJS file that loads nothing but Electron, as a sandboxed one must be', () => {
    const preload = bundle('desktop/preload.cjs');
    expect(preload.loads).toEqual(['electron']);
    expect(preload.isModule).toBe(false);
  });

  it('S10: the preload script holds no schema library and nothing else it does not need', () => {
    expect(bundle('desktop/preload.cjs').text).not.toMatch(/zod/i);
    expect(bundle('desktop/preload.cjs').text.length).toBeLessThan(4_000);
  });

  it('the desktop app is one module, so that every address in it is relative to the same file', () => {
    const files = built().filter(({ path }) => path.startsWith('desktop/'));
    expect(files.map(({ path }) => path)).toEqual(['desktop/main.js', 'desktop/preload.cjs']);
    expect(bundle('desktop/main.js').loads.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('the built page', () => {
  const page = (): Bundle[] => built().filter(({ path }) => path.startsWith('renderer/'));

  it('S10: loads nothing of Node, of Electron or from npm: all it needs is in it', () => {
    expect(page().length).toBeGreaterThan(0);
    const loads = page().flatMap((script) => script.loads);
    expect(loads.filter((name) => isNodeBuiltin(name) || packageOf(name) !== null)).toEqual([]);
    // What Vite puts in the place of a Node module that a page imports.
    for (const { text } of page()) expect(text).not.toContain('__vite-browser-external');
  });

  it('S7: calls neither eval nor Function, but for the empty probe of the schema library', () => {
    // The policy forbids both anyway, and the page switches off the library's use of them before it is first used.
    const EMPTY_PROBE = 'Function(``)';
    const calls = page().flatMap(({ path, text }) => codeFromText(path, text));
    expect(calls.filter((call) => call !== EMPTY_PROBE)).toEqual([]);
    expect(readFileSync(join(ROOT, 'renderer', 'main.tsx'), 'utf8')).toContain('z.config({ jitless: true })');
  });

  it('S7: has no script in its HTML and names no other origin', () => {
    const html = readFileSync(join(ROOT, 'dist', 'renderer', 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/\son\w+\s*=/);
    expect(html).not.toMatch(/(src|href)="(?:[a-z]+:)?\/\//);
  });
});

describe('reading a bundle', () => {
  it('sees every way to load something', () => {
    const text = `import a from 'a'; import 'b'; export { c } from 'c'; await import('d'); require('e'); import(f);`;
    expect(parseBundle('x.js', text).loads).toEqual(['a', 'b', 'c', 'd', 'e', '']);
  });

  it('tells a module from a script', () => {
    expect(parseBundle('x.js', 'export const a = 1;').isModule).toBe(true);
    expect(parseBundle('x.cjs', 'exports.a = require("a");').isModule).toBe(false);
  });

  it('names the package of what is loaded', () => {
    expect(['@orpc/server/ws', 'zod/v4', 'node:fs', 'fs', './x.js'].map(packageOf)).toEqual([
      '@orpc/server',
      'zod',
      null,
      null,
      null,
    ]);
  });

  it.each(['eval(a)', 'new Function("a")', 'Function("a")()', 'globalThis.eval(a)', 'setTimeout("a()", 1)'])(
    'sees that %s makes code of text',
    (text) => {
      expect(codeFromText('x.js', text)).toHaveLength(1);
    },
  );

  it('does not mistake a method or a function given to a timer for it', () => {
    expect(codeFromText('x.js', 'db.eval(a); setTimeout(() => a(), 1); isFunction(a)')).toEqual([]);
  });

  it('says what to do when nothing was built', () => {
    expect(() => readBundles(join(ROOT, 'no-such-folder'))).toThrow('run "npm run build" first');
  });
});
