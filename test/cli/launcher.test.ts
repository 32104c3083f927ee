import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/throughline.mjs', import.meta.url));

/** Makes the launcher believe that it runs on an old Node; the child it starts is not told. */
const OLD_NODE = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });`;

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-launcher-'));
  await mkdir(join(root, 'bin'));
  await copyFile(LAUNCHER, join(root, 'bin', 'throughline.mjs'));
  await writeFile(join(root, 'old-node.cjs'), OLD_NODE);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function install({ main, bundledNode = true }: { main: string; bundledNode?: boolean }): Promise<void> {
  await mkdir(join(root, 'dist', 'cli'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type": "module"}');
  await writeFile(join(root, 'dist', 'cli', 'main.js'), main);
  if (!bundledNode) return;
  await mkdir(join(root, 'node_modules', 'node', 'bin'), { recursive: true });
  await writeFile(join(root, 'node_modules', 'node', 'package.json'), '{"name": "node", "version": "24.0.0"}');
  await symlink(process.execPath, join(root, 'node_modules', 'node', 'bin', 'node'));
}

function launch(args: readonly string[], { old = false } = {}) {
  const preload = old ? ['--require', join(root, 'old-node.cjs')] : [];
  const env = { ...process.env, XDG_CACHE_HOME: join(root, 'cache') };
  const child = spawn(process.execPath, [...preload, join(root, 'bin', 'throughline.mjs'), ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    stdout,
    stderr,
  }));
  return { child, ended, stdout: () => stdout };
}

const REPORT = `console.log(JSON.stringify([process.pid, process.connected === true, ...process.argv.slice(2)]));`;

describe('the launcher', () => {
  it('says what to do before anything was built', async () => {
    expect(await launch([]).ended).toMatchObject({ code: 1, stderr: 'throughline: Run "npm run build" first.\n' });
  });

  it.each([{ old: false }, { old: true }])(
    'keeps what was compiled in a folder of the user, for the next start (old Node: $old)',
    async ({ old }) => {
      await install({ main: `${REPORT} process.exit(0);` });
      expect(await launch([], { old }).ended).toMatchObject({ code: 0 });
      const folder = join(root, 'cache', 'throughline', 'code');
      expect(await readdir(folder)).toHaveLength(1);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    },
  );

  it('starts where nothing can be kept', async () => {
    await install({ main: `${REPORT} process.exit(0);` });
    await writeFile(join(root, 'cache'), '');
    expect(await launch([]).ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('runs the built command line in its own process on a Node that is new enough', async () => {
    await install({ main: `${REPORT} process.exit(3);` });
    const { child, ended } = launch(['serve', '--port', '0']);
    const { code, stdout } = await ended;
    expect(JSON.parse(stdout)).toEqual([child.pid, false, 'serve', '--port', '0']);
    expect(code).toBe(3);
  });

  it('runs it on the bundled Node when its own is too old, and ends with its code', async () => {
    await install({ main: `${REPORT} process.exitCode = 3; process.disconnect();` });
    const { child, ended } = launch(['serve', 'with space', '$HOME'], { old: true });
    const { code, stdout } = await ended;
    const [pid, ...rest] = JSON.parse(stdout) as unknown[];
    expect(pid).not.toBe(child.pid);
    expect(rest).toEqual([true, 'serve', 'with space', '$HOME']);
    expect(code).toBe(3);
  });

  it('says which Node it needs when there is no newer one', async () => {
    await install({ main: REPORT, bundledNode: false });
    expect(await launch([], { old: true }).ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'throughline: Throughline needs Node 22.13 or newer; this is 20.19.0.\n',
    });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('hands %s on and waits for the end', async (signal) => {
    const main = `process.on('${signal}', () => { console.log('stopped'); process.exit(0); });
      setInterval(() => {}, 1_000_000); console.log('up');`;
    await install({ main });
    const { child, ended, stdout } = launch([], { old: true });
    await eventually('it is up', () => stdout().includes('up'));
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stdout: 'up\nstopped\n' });
  });

  it('dies of the signal that its child died of', async () => {
    await install({ main: `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1_000_000);` });
    expect(await launch([], { old: true }).ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('takes its child along when it is killed', async () => {
    const main = `process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1_000_000); ${REPORT}`;
    await install({ main });
    const { child, stdout } = launch([], { old: true });
    await eventually('it is up', () => stdout().includes('\n'));
    const children = descendantsOf(child.pid!);
    expect(children).toHaveLength(1);
    child.kill('SIGKILL');
    await eventually('the child has ended', () => !children.some(isAlive));
  });
});
