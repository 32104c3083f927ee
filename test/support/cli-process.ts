import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `npm run build` makes is what users run; tests run the sources, so that they need no build. */
const PROGRAMS = {
  source: fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
  built: fileURLToPath(new URL('../../bin/throughline.mjs', import.meta.url)),
};
const RUN_DEADLINE_MS = 25_000;

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<ExitStatus>;
}

export interface CliOptions {
  /** Its home: settings and state go there. A fresh empty folder unless given. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: keyof typeof PROGRAMS;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'throughline-test-'));
}

/** Starts the command line as a user's shell would, but with a home of its own. */
export function startCli(
  args: readonly string[],
  { home = temporaryFolder(), env = {}, program = 'source' }: CliOptions = {},
): CliProcess {
  const child = spawn(process.execPath, [PROGRAMS[program], ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: tmpdir(), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<ExitStatus>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. One that does not end is killed and reported as code null. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const cli = startCli(args, options);
  cli.child.stdin.end();
  const tooLong = setTimeout(() => cli.child.kill('SIGKILL'), RUN_DEADLINE_MS);
  const { code } = await cli.exited;
  clearTimeout(tooLong);
  return { code, stdout: cli.stdout(), stderr: cli.stderr() };
}
