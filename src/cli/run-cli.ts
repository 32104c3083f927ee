import type { RuntimeAssets } from '../runtime/assets.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { runBridgeCommand } from './bridge-command.ts';
import { parseCommandLine, UsageError, type Command } from './commands.ts';
import { runExport } from './export-command.ts';
import { COMMAND_HELP, GENERAL_HELP } from './help.ts';
import { runDemo, runServe } from './host-command.ts';
import { runImport } from './import-command.ts';
import { runOpen } from './open-command.ts';
import type { Output } from './output.ts';

export interface CliSurroundings {
  readonly assets: RuntimeAssets;
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The program's own module, by which it can start itself again. */
  readonly cliModule: string;
}

const FAILED = 1;
const MISUSED = 2;

/** Does what the arguments ask for. Answers with the exit code; never rejects. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  try {
    const request = parseCommandLine(args);
    if (request.kind === 'version') await surroundings.output.out(`${surroundings.assets.version}\n`);
    else if (request.kind === 'help') {
      await surroundings.output.out(request.command === null ? GENERAL_HELP : COMMAND_HELP[request.command]);
    } else return await runCommand(request.command, request.debug, surroundings);
    return 0;
  } catch (thrown) {
    surroundings.output.err(failureText(thrown, args.includes('--debug')));
    return thrown instanceof UsageError ? MISUSED : FAILED;
  }
}

function runCommand(command: Command, debug: boolean, surroundings: CliSurroundings): Promise<number> {
  switch (command.name) {
    case 'serve':
      return runServe(command, { ...surroundings, debug });
    case 'bridge':
      return runBridgeCommand(command, surroundings);
    case 'demo':
      return runDemo(command, { ...surroundings, debug });
    case 'open':
      return runOpen(command, surroundings.output, surroundings.environment);
    case 'import':
      return runImport(command, surroundings.output, surroundings.environment);
    case 'export':
      return runExport(command, surroundings.output, surroundings.environment);
  }
}

/** One sentence, or with --debug everything. A failure nobody foresaw may quote secrets, so only its name is shown. */
function failureText(thrown: unknown, debug: boolean): string {
  if (debug && thrown instanceof Error) return thrown.stack ?? String(thrown);
  if (thrown instanceof UserError) return `throughline: ${thrown.message}`;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return `throughline: something failed that should not have (${kind}). Run it again with --debug to see where.`;
}
