import { ensureBuilt } from './setup/build.mjs';
import { run } from './setup/child.mjs';
import { runChecks } from './setup/checks.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { electronBinary } from './setup/electron.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript, say, SetupError } from './setup/messages.mjs';
import { childEnvironment, node24 } from './setup/node24.mjs';
import { inRepository, repositoryRoot } from './setup/paths.mjs';

await runScript(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const chromium = await ensureChromium();
  say('checking types, lint, format and unused code ...');
  if (!(await runChecks())) throw new SetupError('A check failed, so the tests were not run; mend it and try again.');
  if (electronBinary() === null)
    say('skipped: no Electron binary, so test/desktop/electron-binary.test.ts has nothing to run');
  say('running the tests ...');
  // Nothing is printed after this: the runner's closing lines are the last ones.
  const { code } = await run(
    node24(),
    [inRepository('node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)],
    {
      cwd: repositoryRoot,
      env: childEnvironment({ THROUGHLINE_CHROMIUM: chromium }),
    },
  );
  return code;
});
