// `npm run soak`: keeps a gateway busy with everything that may leave something behind, and watches what it holds.
// `--minutes N` (5 unless given). Ends with 1 when it leaks.
import { existsSync } from 'node:fs';
import { runSoak } from '../test/soak/run-soak.ts';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runScript, SetupError } from './setup/messages.mjs';

await runScript(async () => {
  if (!existsSync('/proc/self/stat'))
    throw new SetupError('What a process holds is read from /proc: run this on Linux.');
  const at = process.argv.indexOf('--minutes');
  const minutes = at === -1 ? 5 : Number(process.argv[at + 1]);
  if (!(minutes > 0)) throw new SetupError('Give --minutes a number, for example --minutes 5.');
  await ensureInstalled();
  await ensureBuilt();
  const leaks = await runSoak({ minutes, report: (/** @type {string} */ line) => console.log(line) });
  console.log(leaks.length === 0 ? 'Nothing leaked.' : leaks.join('\n'));
  return leaks.length === 0 ? 0 : 1;
});
