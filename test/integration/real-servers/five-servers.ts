import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/cli-process.ts';
import { everythingStdio, filesystemStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { githubStdio, memoryStdio, sequentialThinkingStdio } from '../../support/package-servers.ts';

export const SERVER_IDS = ['everything', 'files', 'memory', 'thinking', 'github'] as const;

export interface FiveServers {
  readonly gateway: GatewayProcess;
  /** The one folder the filesystem server may touch; holds `note.txt`. */
  readonly folder: string;
}

/** One gateway with five servers that other people wrote, among them one of 2024-11-05. */
export async function startFiveServers(): Promise<FiveServers> {
  const folder = realpathSync(temporaryFolder());
  writeFileSync(join(folder, 'note.txt'), 'the note');
  const mcpServers: Readonly<Record<(typeof SERVER_IDS)[number], unknown>> = {
    everything: everythingStdio(),
    files: filesystemStdio(folder),
    memory: memoryStdio(join(temporaryFolder(), 'memory.jsonl')),
    thinking: sequentialThinkingStdio(),
    github: githubStdio(),
  };
  return { gateway: await startGateway({ config: { mcpServers } }), folder };
}
