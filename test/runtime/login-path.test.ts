import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergedPath, shellCall, withLoginPath } from '../../src/runtime/login-path.ts';
import { eventually } from '../support/eventually.ts';
import { writeShellScript } from '../support/shell-script.ts';

let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'throughline-login-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A program that stands for the user's shell; it is given what a shell is given. */
function fakeShell(script: string): Promise<string> {
  return writeShellScript(join(home, 'fake-shell'), script);
}

/** The command that the shell is given last, with PATH as the shell's files have made it. */
const RUN_LAST = 'for last; do :; done; PATH="/from/login:/usr/bin"; export PATH; eval "$last"';

describe('the PATH of the login shell', () => {
  it.each([
    ['/bin/bash', '.bash_profile'],
    ['/bin/sh', '.profile'],
  ])('is what %s makes of it with the files of the user', async (shell, file) => {
    await writeFile(join(home, file), 'echo noise\nexport PATH="/opt/tools:$PATH"\nexport OTHER=1\n');
    const inherited = { SHELL: shell, HOME: home, PATH: '/opt/desktop:/usr/bin:/bin' };
    const { environment, problem } = await withLoginPath(inherited);
    expect(problem).toBeNull();
    // What lies between is the system's own business.
    expect(environment.PATH).toMatch(/^\/opt\/tools:(.*:)?\/opt\/desktop(:|$)/);
    expect(environment).toEqual({ ...inherited, PATH: environment.PATH });
  });

  it.each(['zsh', 'fish', 'tcsh'])('is understood from %s where that is installed', async (shell) => {
    const file = `/usr/bin/${shell}`;
    if (!existsSync(file)) return;
    const { environment, problem } = await withLoginPath({ SHELL: file, HOME: home, PATH: '/opt/kept:/usr/bin:/bin' });
    expect(problem).toBeNull();
    expect(environment.PATH?.split(':')).toContain('/opt/kept');
  });

  it('comes before what there was, and nothing else of the shell is taken', async () => {
    const SHELL = await fakeShell(`OTHER=leaked; export OTHER; echo "a greeting"; ${RUN_LAST}`);
    const { environment, problem } = await withLoginPath({ SHELL, PATH: '/usr/bin:/from/desktop' });
    expect(problem).toBeNull();
    expect(environment).toEqual({ SHELL, PATH: '/from/login:/usr/bin:/from/desktop' });
  });

  it.each([
    ['fails', 'exit 3', /ended without saying it \(exit code 3\)/],
    ['says nothing', 'exit 0', /ended without saying it/],
    ['has no PATH', 'for last; do :; done; PATH=""; eval "$last"', /did not say a PATH/],
    ['prints without end', 'while :; do echo "noise noise noise noise"; done', /printed more than/],
  ])('is left as it was when the shell %s, with the reason', async (_what, script, reason) => {
    const SHELL = await fakeShell(script);
    const { environment, problem } = await withLoginPath({ SHELL, PATH: '/usr/bin' });
    expect(environment).toEqual({ SHELL, PATH: '/usr/bin' });
    expect(problem).toMatch(reason);
  });

  it('is not waited for too long, and the shell is ended with all that it waits for', async () => {
    const pidFile = join(home, 'pid');
    const SHELL = await fakeShell(`sleep 1000 & echo $! > ${pidFile}; wait`);
    const { environment, problem } = await withLoginPath({ SHELL, PATH: '/usr/bin:/bin' }, { boundMillis: 500 });
    expect(environment.PATH).toBe('/usr/bin:/bin');
    expect(problem).toMatch(/took longer than 500 ms/);
    const pid = Number(await readFile(pidFile, 'utf8'));
    await eventually('what it started has ended', async () => {
      const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      return state === null || state.includes(') Z ');
    });
  });

  it('is left as it was when there is no such shell', async () => {
    const SHELL = join(home, 'missing');
    const { environment, problem } = await withLoginPath({ SHELL, PATH: '/usr/bin' });
    expect(environment).toEqual({ SHELL, PATH: '/usr/bin' });
    expect(problem).toMatch(/could not be started/);
  });

  it('is never asked for on Windows', async () => {
    const SHELL = await fakeShell(`touch ${join(home, 'asked')}`);
    const options = { platform: 'win32' } as const;
    expect(await withLoginPath({ SHELL, PATH: 'C:\\Windows' }, options)).toEqual({
      environment: { SHELL, PATH: 'C:\\Windows' },
      problem: null,
    });
    await expect(readFile(join(home, 'asked'))).rejects.toThrow();
  });

  it('S17: is asked for with a command that holds nothing of the user', () => {
    for (const shell of ['/bin/bash', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh']) {
      const command = shellCall(shell, 'MARK').args.at(-1);
      expect(command).toBe('printf \'%s%s%s\' MARK "$PATH" MARK');
    }
    expect(shellCall('/bin/tcsh', 'MARK')).toMatchObject({ argv0: '-tcsh', args: ['-i', '-c', expect.any(String)] });
    expect(shellCall('/bin/zsh', 'MARK').args.slice(0, 3)).toEqual(['-i', '-l', '-c']);
  });

  it.each([
    ['/a:/b', '/b:/c', '/a:/b:/c'],
    ['/a::.:relative:/a', '/b', '/a:/b'],
    ['/a', '', '/a'],
  ])('merges %s and %s to %s', (login, inherited, merged) => {
    expect(mergedPath(login, inherited)).toBe(merged);
  });
});
