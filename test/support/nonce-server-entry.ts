import { fileURLToPath } from 'node:url';
import type { StdioEntry } from './fixture-servers.ts';

/** The server that sends a word of its caller's every way there is, over stdio. */
export function nonceStdio(): StdioEntry {
  const script = fileURLToPath(new URL('../fixtures/servers/crossing/stdio.ts', import.meta.url));
  return { command: process.execPath, args: [script] };
}
