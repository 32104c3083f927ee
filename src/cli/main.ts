import { fileURLToPath } from 'node:url';
import { locateAssets } from '../runtime/assets.ts';
import { processOutput } from './output.ts';
import { runCli } from './run-cli.ts';

const code = await runCli(process.argv.slice(2), {
  assets: locateAssets(import.meta.url),
  output: processOutput(),
  environment: process.env,
  cliModule: fileURLToPath(import.meta.url),
});
// All that was written has been handed over; idle connections are no reason to stay.
process.exit(code);
