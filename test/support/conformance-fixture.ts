import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './cli-process.ts';
import type { StdioEntry } from './fixture-servers.ts';

let compileCache: string | undefined;

/**
 * The conformance fixture over stdio; what it is asked goes to `recordFile`, one `method target` a line. The suite opens
 * a session, so a process, for each scenario: a compile cache of the test's own halves what each start costs.
 */
export function conformanceStdio(recordFile: string): Required<StdioEntry> {
  return entryOf('conformance/stdio.ts', [recordFile]);
}

/** The same with what the tests of the eras need beyond it; `recordFile` gets what it notes. */
export function legacyEraStdio(recordFile: string): Required<StdioEntry> {
  return entryOf('eras/legacy-stdio.ts', [recordFile]);
}

/** The same for the fixture of MCP 2026-07-28. `modernOnly`: it refuses to open as a legacy server. */
export function modernConformanceStdio(
  recordFile: string,
  { modernOnly = false }: { readonly modernOnly?: boolean } = {},
): Required<StdioEntry> {
  return entryOf('modern/stdio.ts', [recordFile, ...(modernOnly ? ['--modern-only'] : [])]);
}

function entryOf(path: string, args: readonly string[]): Required<StdioEntry> {
  const script = fileURLToPath(new URL(`../fixtures/servers/${path}`, import.meta.url));
  compileCache ??= temporaryFolder();
  return { command: process.execPath, args: [script, ...args], env: { NODE_COMPILE_CACHE: compileCache } };
}
