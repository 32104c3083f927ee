import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename, delimiter, isAbsolute } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export interface LoginEnvironment {
  /** The environment that was given, with the login shell's PATH before its own. */
  readonly environment: NodeJS.ProcessEnv;
  /** Why PATH is what it was: a sentence's end for the log; null when it was read, or was not to be. */
  readonly problem: string | null;
}

export interface LoginPathOptions {
  readonly platform?: NodeJS.Platform;
  /** How long the shell may take, in milliseconds. */
  readonly boundMillis?: number;
}

const BOUND_MILLIS = 3_000;
/** Far more than a PATH and what the user's files print with it. */
const MAX_OUTPUT_BYTES = 256 * 1024;

/**
 * What servers inherit when the app was started by the desktop and not by a shell: macOS and Linux then give it a PATH
 * without what the user's own files add, so that `npx`, `uvx` or `docker` are not found. The user's login shell is asked
 * once; only PATH is taken of what it says. Never rejects.
 */
export async function withLoginPath(
  environment: Environment,
  { platform = process.platform, boundMillis = BOUND_MILLIS }: LoginPathOptions = {},
): Promise<LoginEnvironment> {
  if (platform === 'win32') return { environment: { ...environment }, problem: null };
  const shell = loginShell(environment);
  if (shell === null) return { environment: { ...environment }, problem: 'the login shell of this user is not known' };
  const asked = await askShell(shell, environment, boundMillis);
  if (typeof asked !== 'string') return { environment: { ...environment }, problem: asked.problem };
  return { environment: { ...environment, PATH: mergedPath(asked, environment['PATH'] ?? '') }, problem: null };
}

/** Entries of the login shell first, none twice. An entry that depends on the current folder is left out of them. */
export function mergedPath(login: string, inherited: string): string {
  const entries = [...login.split(delimiter).filter(isAbsolute), ...inherited.split(delimiter)];
  return [...new Set(entries)].filter((entry) => entry !== '').join(delimiter);
}

function loginShell({ SHELL }: Environment): string | null {
  if (SHELL !== undefined && isAbsolute(SHELL)) return SHELL;
  try {
    return userInfo().shell;
  } catch {
    // A user id without an account, as in some containers.
    return null;
  }
}

interface ShellCall {
  readonly args: readonly string[];
  /** What the shell takes its name to be; a leading dash makes it a login shell. */
  readonly argv0: string;
}

/** `PATH` in double quotes means the same to all of these shells, colons between the entries included. */
export function shellCall(shell: string, marker: string): ShellCall {
  const name = basename(shell);
  const command = `printf '%s%s%s' ${marker} "$PATH" ${marker}`;
  // The C shells take -l only when it stands alone.
  if (name === 'csh' || name === 'tcsh') return { argv0: `-${name}`, args: ['-i', '-c', command] };
  return { argv0: shell, args: ['-i', '-l', '-c', command] };
}

function askShell(
  shell: string,
  environment: Environment,
  boundMillis: number,
): Promise<string | { readonly problem: string }> {
  const marker = `throughline-${randomBytes(8).toString('hex')}`;
  const { args, argv0 } = shellCall(shell, marker);
  return new Promise((resolve) => {
    const child = spawn(shell, args, {
      argv0,
      env: { ...environment, ...QUIET },
      // A session of its own: an interactive shell would stop itself at the terminal of somebody else's.
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const end = (answer: string | { readonly problem: string }): void => {
      child.stdout.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      killGroup(child);
      end({ problem: `${shell} took longer than ${boundMillis} ms` });
    }, boundMillis);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const path = said.split(marker)[1];
      if (path !== undefined && said.split(marker).length > 2) end(checked(shell, path));
      else if (said.length > MAX_OUTPUT_BYTES) {
        killGroup(child);
        end({ problem: `${shell} printed more than ${MAX_OUTPUT_BYTES} bytes` });
      }
    });
    child.once('error', ({ message }) => {
      end({ problem: `${shell} could not be started (${message})` });
    });
    // Not 'exit': what it printed may still be on its way. The bound also holds for a shell that has answered and stays.
    child.once('close', (code) => {
      clearTimeout(timer);
      end({ problem: `${shell} ended without saying it (exit code ${code ?? 'none'})` });
    });
  });
}

/** Shells whose set-up asks questions or opens other programs are told not to. */
const QUIET = { DISABLE_AUTO_UPDATE: 'true', ZSH_TMUX_AUTOSTART: 'false', ZSH_TMUX_AUTOSTARTED: 'true' };

function checked(shell: string, path: string): string | { readonly problem: string } {
  return path.split(delimiter).some(isAbsolute) ? path : { problem: `${shell} did not say a PATH` };
}

/** With whatever the user's files have started and wait for. */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
