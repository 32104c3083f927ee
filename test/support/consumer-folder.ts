import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './cli-process.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const SERVERS = join(REPOSITORY, 'test/fixtures/servers/joining');

/** What a server's own project has installed beside this package. */
const LINKED = [
  '@modelcontextprotocol/sdk',
  '@modelcontextprotocol/server',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
  'zod',
];

export interface ConsumerOptions {
  /** `shared`: the one copy that npm makes of two equal versions. `own`: a second one. Shared unless given. */
  readonly api?: 'shared' | 'own';
}

/** Somebody's project with the joining servers in it: this package and the SDKs are linked into its `node_modules`. */
export function consumerFolder({ api = 'shared' }: ConsumerOptions = {}): string {
  const folder = temporaryFolder();
  const modules = join(folder, 'node_modules');
  for (const name of LINKED) link(join(REPOSITORY, 'node_modules', name), join(modules, name));
  link(REPOSITORY, join(modules, 'throughline'));
  const installed = join(REPOSITORY, 'node_modules/@opentelemetry/api');
  if (api === 'shared') link(installed, join(modules, '@opentelemetry/api'));
  else cpSync(installed, join(modules, '@opentelemetry/api'), { recursive: true, dereference: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "weather", "type": "module" }');
  cpSync(SERVERS, folder, { recursive: true });
  return folder;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

/** This Node and the one that is installed on this machine, where there is another: servers run on whatever is there. */
export function installedNodes(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const other = folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path));
  return other === undefined ? [process.execPath] : [process.execPath, other];
}
