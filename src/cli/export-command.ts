import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, rename, unlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, UserError } from '../shared/kernel/user-error.ts';
import type { ExportCommand } from './commands.ts';
import { callGateway, findGateway } from './gateway-client.ts';
import type { Output } from './output.ts';

/** Writes traces of a running gateway to stdout or a file. Answers with the exit code. */
export async function runExport(
  command: ExportCommand,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (command.out !== null) await refuseOddTarget(command.out);
  const gateway = await findGateway({ url: command.url, token: command.token, environment });
  const address = command.trace === null ? '/api/export' : `/api/traces/${command.trace}`;
  const asked = new URLSearchParams({ format: command.format });
  if (command.query !== null) asked.set('q', command.query);
  if (command.payloads) asked.set('payloads', '1');
  const response = await callGateway(gateway, `${address}?${asked.toString()}`);
  const body: ReadableStream<Uint8Array> = response.body ?? new ReadableStream();
  if (command.out === null) for await (const chunk of body) await output.out(chunk);
  else await writePrivately(body, command.out);
  return 0;
}

async function refuseOddTarget(file: string): Promise<void> {
  const info = await lstat(file).catch(() => null);
  if (info !== null && !info.isFile()) {
    throw new UserError(`${file} exists and is not a regular file: name another file after --out.`);
  }
}

/** For this user's eyes only (R102); a file that was there is replaced once the new one is complete. */
async function writePrivately(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
    await rename(draft, file);
  } catch (thrown) {
    await unlink(draft).catch(() => undefined);
    const reason = (thrown as NodeJS.ErrnoException).code ?? messageOf(thrown);
    throw new UserError(`The traces could not be written to ${file} (${reason}): name a file that you may write.`);
  }
}
