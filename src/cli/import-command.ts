import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportReport } from '../shared/contract/messages.ts';
import { messageOf, UserError } from '../shared/kernel/user-error.ts';
import type { ImportCommand } from './commands.ts';
import { callGateway, findGateway, type Gateway } from './gateway-client.ts';
import type { Output } from './output.ts';

/** As much as a gateway takes of one file. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Hands files with traces to a running gateway, one after the other. Answers with the exit code: 1 when one failed. */
export async function runImport(
  command: ImportCommand,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const gateway = await findGateway({ url: command.url, token: command.token, environment });
  let failed = 0;
  for (const file of command.files) {
    try {
      await output.out(`${reportOf(file, await importFile(gateway, file))}\n`);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      failed += 1;
      output.err(`throughline: ${thrown.message}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

async function importFile(gateway: Gateway, file: string): Promise<ImportReport> {
  const path = `/api/import?name=${encodeURIComponent(basename(file))}`;
  const init = { method: 'POST', body: await contentOf(file), headers: { 'Content-Type': 'application/octet-stream' } };
  return (await (await callGateway(gateway, path, init)).json()) as ImportReport;
}

async function contentOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new UserError(`${file} is not a file: name files with traces.`);
    if (info.size > MAX_FILE_BYTES) {
      throw new UserError(`${file} has more than 256 MiB: split it and import its parts.`);
    }
    return new Uint8Array(await readFile(file));
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`There is no file ${file}: check its name.`, { cause: thrown });
    throw new UserError(`${file} cannot be read (${code ?? messageOf(thrown)}): name a file that you may read.`, {
      cause: thrown,
    });
  }
}

function reportOf(file: string, { format, traces, spans, payloads, skipped, problems }: ImportReport): string {
  const counts = [counted(traces, 'trace'), counted(spans, 'span')];
  if (payloads > 0) counts.push(counted(payloads, 'body', 'bodies'));
  const left = skipped === 0 ? '' : `, ${counted(skipped, 'span')} skipped`;
  return [`${file}: ${format}, ${counts.join(', ')}${left}.`, ...problems].join(' ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
