import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/child.mjs';
import { childEnvironment, node24 } from '../setup/node24.mjs';

const DEADLINE_MS = 300_000;

/** A broken test may hang instead of failing: it gets this many times what it took unbroken, and at least a minute. */
const PATIENCE = 4;
const LEAST_DEADLINE_MS = 60_000;

/**
 * @typedef {object} TestRun
 * @property {boolean} ran a test that cites the id was run to its end
 * @property {boolean} green every one of them passed
 * @property {string} detail what went wrong, for people
 * @property {number} tookMs
 */

/**
 * Runs those tests of one file whose title cites the requirement.
 * @param {string} root
 * @param {string} test
 * @param {string} id
 * @param {TestRun} [before] the same test before anything was broken; one that hangs since then has failed
 * @returns {Promise<TestRun>}
 */
export async function runTest(root, test, id, before) {
  const deadlineMs = before === undefined ? DEADLINE_MS : Math.max(LEAST_DEADLINE_MS, PATIENCE * before.tookMs);
  const started = performance.now();
  const report = join(root, '.ledger-report.json');
  rmSync(report, { force: true });
  const { output, timedOut } = await run(
    node24(),
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      test,
      `--testNamePattern=\\b${id}\\b[^:]*:`,
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    { cwd: root, env: childEnvironment(), quiet: true, deadlineMs },
  );
  const tookMs = performance.now() - started;
  if (timedOut) {
    const detail = `it did not end within ${Math.round(deadlineMs / 1000)} s`;
    return { ran: before !== undefined, green: false, detail, tookMs };
  }
  if (!existsSync(report)) return { ran: false, green: false, detail: lastLines(output), tookMs };
  return { ...read(JSON.parse(readFileSync(report, 'utf8'))), tookMs };
}

/**
 * @param {{ testResults: { message?: string, assertionResults: { status: string, title: string, failureMessages?: string[] }[] }[] }} report
 * @returns {Omit<TestRun, 'tookMs'>}
 */
function read(report) {
  const results = report.testResults.flatMap((file) => file.assertionResults);
  const failed = results.filter(({ status }) => status === 'failed');
  const passed = results.filter(({ status }) => status === 'passed');
  if (failed.length + passed.length === 0) {
    return {
      ran: false,
      green: false,
      detail: report.testResults.map((file) => file.message ?? '').join(' ') || 'no such test',
    };
  }
  const detail = failed.map(({ title, failureMessages }) => `${title}: ${failureMessages?.[0] ?? ''}`).join('\n');
  return { ran: true, green: failed.length === 0, detail };
}

/** @param {string} text */
function lastLines(text) {
  return text.trim().split('\n').slice(-5).join(' ');
}
