import { runChecks } from './setup/checks.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript } from './setup/messages.mjs';

await runScript(async () => {
  await ensureInstalled();
  return (await runChecks()) ? 0 : 1;
});
