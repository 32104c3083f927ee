import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/cli-process.ts';

const PACKAGE = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/conformance/', import.meta.url));
const SUITE = join(PACKAGE, 'dist/index.js');

/** The revision whose requirements are run where none is named. */
export const REVISION = '2025-11-25';

/** The first revision without sessions. */
export const MODERN_REVISION = '2026-07-28';

export type Revision = typeof REVISION | typeof MODERN_REVISION;

/** Bounds a scenario that hangs; long enough for a machine that has much else to do. */
export const SCENARIO_TIMEOUT_MILLIS = '120000';

/** What the suite itself says a revision requires, one list for servers and one for clients. */
export interface Requirements {
  readonly server: readonly string[];
  readonly client: readonly string[];
  /** Run and reported with the rest, but not scored. */
  readonly unscoredServer: readonly string[];
}

/** Reads the suite's own list (YAML of one fixed shape: keys at the margin, items below). */
export function suiteRequirements(revision: Revision = REVISION): Requirements {
  const text = readFileSync(join(PACKAGE, 'requirements', `${revision}.yaml`), 'utf8');
  const sections = new Map<string, string[]>();
  let items: string[] = [];
  for (const line of text.split('\n')) {
    const key = /^(\w+):\s*$/.exec(line)?.[1];
    if (key !== undefined) sections.set(key, (items = []));
    else if (!line.startsWith('#') && line.trim() !== '') items.push(line.trim());
  }
  const names = (key: string): string[] =>
    (sections.get(key) ?? []).flatMap((item) => /^- ([\w/-]+)$/.exec(item)?.[1] ?? []);
  const unscored = (sections.get('not_scored') ?? []).join('\n').split(/^- /m);
  return {
    server: names('server'),
    client: names('client'),
    unscoredServer: unscored.flatMap((entry) =>
      /leg: server/.test(entry) ? (/scenario: ([\w/-]+)/.exec(entry)?.[1] ?? []) : [],
    ),
  };
}

/** What runs all that a revision requires of a server, scored or not, against the server at `url`. */
export function serverLegArguments(url: string, revision: Revision = REVISION): readonly string[] {
  return ['server', '--url', url, '--requirements', revision, '--timeout', SCENARIO_TIMEOUT_MILLIS];
}

export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

export interface SuiteRun {
  readonly code: number | null;
  /** What the suite printed, for a test that has to say why it failed. */
  readonly output: string;
  /** The checks of each scenario that was run, from the suite's own `checks.json`. */
  readonly scenarios: ReadonlyMap<string, readonly Check[]>;
}

const RESULT_FOLDER = /^(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/;

/** Runs the suite's command line to its end and reads the results that it left. */
export async function runSuite(args: readonly string[]): Promise<SuiteRun> {
  const results = temporaryFolder();
  const child = spawn(process.execPath, [SUITE, ...args, '-o', results], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const leg = args[0] === 'server' ? 'server-' : '';
  const scenarios = new Map<string, readonly Check[]>();
  for (const folder of readdirSync(results, { recursive: true, encoding: 'utf8' })) {
    const name = RESULT_FOLDER.exec(folder)?.[1];
    if (name === undefined || !name.startsWith(leg)) continue;
    const checks = JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8')) as readonly Check[];
    scenarios.set(name.slice(leg.length), checks);
  }
  return { code, output, scenarios };
}

/** What of a scenario must be the same in every run: its verdicts, without the notes taken on the way. */
export function verdicts(checks: readonly Check[] | undefined): readonly string[] {
  return (checks ?? []).filter(({ status }) => status !== 'INFO').map(({ id, status }) => `${id} ${status}`);
}

/** The checks that did not pass, warnings too, in the suite's words. A scenario that was not run has one of its own. */
export function complaints(checks: readonly Check[] | undefined): readonly string[] {
  if (checks === undefined) return ['the suite did not run this scenario'];
  if (!checks.some(({ status }) => status === 'SUCCESS')) return ['nothing in it succeeded'];
  return checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ id, status, errorMessage }) => `${id} ${status}: ${errorMessage ?? ''}`);
}
