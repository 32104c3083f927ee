import { run } from './setup/child.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript } from './setup/messages.mjs';
import { childEnvironment, node24 } from './setup/node24.mjs';
import { inRepository, repositoryRoot } from './setup/paths.mjs';

// What the pages are made of is TypeScript, which only the Node that the packages bring is sure to read.
await runScript(async () => {
  await ensureInstalled();
  const { code } = await run(node24(), [inRepository('scripts', 'ledger', 'docs.mjs')], {
    cwd: repositoryRoot,
    env: childEnvironment(),
  });
  return code;
});
