import { readFile, rm } from 'node:fs/promises';
import { ensureBuilt } from './setup/build.mjs';
import { run } from './setup/child.mjs';
import { runChecks } from './setup/checks.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { electronBinary } from './setup/electron.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript, say, SetupError } from './setup/messages.mjs';
import { childEnvironment, node24 } from './setup/node24.mjs';
import { inRepository, repositoryRoot } from './setup/paths.mjs';
import { ensureProtoc } from './setup/protoc.mjs';

const results = inRepository('.cache', 'test-results.json');

await runScript(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const chromium = await ensureChromium();
  const protoc = await ensureProtoc();
  say('checking types, lint, format and unused code ...');
  if (!(await runChecks())) throw new SetupError('A check failed, so the tests were not run; mend it and try again.');
  if (electronBinary() === null)
    say('skipped: no Electron binary, so test/desktop/electron-binary.test.ts has nothing to run');
  say('running the tests ...');
  await rm(results, { force: true });
  const { code } = await run(
    node24(),
    [
      inRepository('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
      ...process.argv.slice(2),
    ],
    {
      cwd: repositoryRoot,
      env: childEnvironment({ THROUGHLINE_CHROMIUM: chromium, THROUGHLINE_PROTOC: protoc }),
    },
  );
  await printClosingLine(results);
  return code;
});

/**
 * The last line of all: one that any program can read, whatever the runner's own lines look like.
 * @param {string} file The runner's report; not there when the runner could not begin.
 */
async function printClosingLine(file) {
  const report = await readFile(file, 'utf8').catch(() => null);
  if (report === null) return;
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(report);
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
