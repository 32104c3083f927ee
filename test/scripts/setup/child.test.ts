import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { run, stopChild } from '../../../scripts/setup/child.mjs';

/** Prints the id of a grandchild that would live for ten minutes, and waits for it. */
const FAMILY = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'ignore' });
  console.log(child.pid);
`;

const DEAF = `process.on('SIGTERM', () => {}); console.log('up'); setTimeout(() => {}, 600000);`;

/** Waits until no process has this id, or only a dead one nobody has asked about. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    const { output } = await run('ps', ['-o', 'stat=', '-p', String(pid)], { quiet: true });
    if (output.trim() === '' || output.trim().startsWith('Z')) return;
  }
}

describe('running a program', () => {
  it('hands back its output and its exit code', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(3)';
    const { code, output, timedOut, startError } = await run(process.execPath, ['-e', script], { quiet: true });
    expect([code, timedOut, startError]).toEqual([3, false, null]);
    expect(output).toContain('out\n');
    expect(output).toContain('err\n');
  });

  it('tells why one could not be started', async () => {
    const { code, startError } = await run('/nonexistent/program', [], { quiet: true });
    expect(code).not.toBe(0);
    expect(startError?.message).toContain('ENOENT');
  });

  it('after its deadline kills it and everything it started', async () => {
    const { timedOut, code, output } = await run(process.execPath, ['-e', FAMILY], { quiet: true, deadlineMs: 4000 });
    expect(timedOut).toBe(true);
    expect(code).not.toBe(0);
    await gone(Number(output.trim()));
  });

  it('passes arguments as they are, since no shell reads them', async () => {
    const argument = '$(touch /tmp/never); `x` "quoted" *';
    const { output } = await run(process.execPath, ['-e', 'process.stdout.write(process.argv[1])', argument], {
      quiet: true,
    });
    expect(output).toBe(argument);
  });
});

describe('stopping a program', () => {
  it('ends at once when it obeys', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    await stopChild(child, { ownGroup: false });
    expect(child.signalCode).toBe('SIGTERM');
  });

  it('is killed when it does not obey in time', async () => {
    const child = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    await once(child.stdout, 'data');
    await stopChild(child, { ownGroup: true, graceMs: 50 });
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('does nothing to one that has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    await once(child, 'exit');
    await stopChild(child, { ownGroup: false });
    expect(child.exitCode).toBe(0);
  });
});
