import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './cli-process.ts';

const INSPECTOR = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);

export interface InspectorRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The MCP Inspector's command line on an endpoint of the gateway, as a stranger would run it, with a home of its own. */
export async function runInspector(
  gateway: { readonly origin: string; readonly token: string },
  path: string,
  ...args: readonly string[]
): Promise<InspectorRun> {
  const home = temporaryFolder();
  const endpoint = ['--server-url', new URL(path, gateway.origin).href, '--transport', 'http'];
  const header = ['--header', `Authorization: Bearer ${gateway.token}`];
  const child = spawn(process.execPath, [INSPECTOR, '--cli', ...endpoint, ...header, '--format', 'json', ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
