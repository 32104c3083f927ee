import { fileURLToPath } from 'node:url';
import type { StdioEntry } from './fixture-servers.ts';

/** The conformance fixture over stdio; what it is asked goes to `recordFile`, one `method target` a line. */
export function conformanceStdio(recordFile: string): StdioEntry {
  const script = fileURLToPath(new URL('../fixtures/servers/conformance/stdio.ts', import.meta.url));
  return { command: process.execPath, args: [script, recordFile] };
}
