import { build } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript } from './setup/messages.mjs';

await runScript(async () => {
  await ensureInstalled();
  await build();
  return 0;
});
