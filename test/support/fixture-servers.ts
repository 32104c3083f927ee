import { fileURLToPath } from 'node:url';

/** An entry of `mcpServers` as a user would write it. */
export interface StdioEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** The well-behaved fixture server; what it receives goes to `recordFile`, one message a line. */
export function workbenchStdio(recordFile?: string): StdioEntry {
  const script = path('../fixtures/servers/workbench-stdio.ts');
  return { command: process.execPath, args: [script, ...(recordFile === undefined ? [] : [recordFile])] };
}

export function misbehavingStdio(behaviour: string, recordFile?: string): StdioEntry {
  const script = path('../fixtures/servers/misbehaving-stdio.ts');
  return { command: process.execPath, args: [script, behaviour, ...(recordFile === undefined ? [] : [recordFile])] };
}

export function everythingStdio(): StdioEntry {
  const script = path('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js');
  return { command: process.execPath, args: [script, 'stdio'] };
}

export function filesystemStdio(folder: string): StdioEntry {
  const script = path('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
  return { command: process.execPath, args: [script, folder] };
}
