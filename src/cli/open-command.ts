import { z } from 'zod';
import { browserCommands, startFirst, thisDesktop } from './browser.ts';
import type { OpenCommand } from './commands.ts';
import { callGateway, findGateway } from './gateway-client.ts';
import type { Output } from './output.ts';

const replySchema = z.object({ ui: z.string() });

/** Prints a fresh address of the page and shows it where there is a display. Answers with the exit code. */
export async function runOpen(
  command: OpenCommand,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const gateway = await findGateway({ url: command.url, token: command.token, environment });
  const body = gateway.operatorSecret === null ? {} : { operatorSecret: gateway.operatorSecret };
  const response = await callGateway(gateway, '/api/open-code', { method: 'POST', body: JSON.stringify(body) });
  const { ui } = replySchema.parse(await response.json());
  await output.out(`Open: ${ui}\n`);
  await startFirst(browserCommands(ui, thisDesktop()));
  return 0;
}
