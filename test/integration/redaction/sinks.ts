import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawData } from 'ws';
import { contract } from '../../../src/shared/contract/contract.ts';
import { ENDPOINT_DEFAULTS } from '../../../src/shared/domain/forwarding.ts';
import type { ServerId, TraceId } from '../../../src/shared/domain/ids.ts';
import { runCli } from '../../support/cli-process.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import type { TestPage } from '../../support/page.ts';

/** Everything that came out of one place, as bytes. */
export interface Sink {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bodies of calls can be read there, so that markers must be there as well. */
  readonly keeps: 'traces' | 'log' | 'both' | null;
}

async function bytesOf(response: Response): Promise<Buffer> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** `seen`: traces that were looked at before, which need not be read one by one again. */
export async function restSinks(gateway: GatewayProcess, seen: Set<string>): Promise<readonly Sink[]> {
  const traces = await gateway.traces();
  const get = async (path: string): Promise<Buffer> => bytesOf(await gateway.rest(path));
  const trees: Buffer[] = [];
  for (const { traceId } of traces) {
    if (seen.has(traceId)) continue;
    seen.add(traceId);
    trees.push(await get(`/api/traces/${traceId}/tree`));
  }
  const single = traces[0] === undefined ? [] : [await get(`/api/traces/${traces[0].traceId}?payloads=1`)];
  return [
    { name: 'the list', bytes: Buffer.from(JSON.stringify(traces)), keeps: null },
    { name: 'the trees', bytes: Buffer.concat(trees), keeps: 'traces' },
    { name: 'an export of one trace', bytes: Buffer.concat(single), keeps: null },
    { name: 'the export as JSON', bytes: await get('/api/export?payloads=1'), keeps: 'traces' },
    { name: 'the export as lines', bytes: await get('/api/export?payloads=1&format=otlp-jsonl'), keeps: 'traces' },
    { name: 'the export as a session', bytes: await get('/api/export?format=session'), keeps: 'traces' },
    { name: 'the export as protobuf', bytes: await get('/api/export?payloads=1&format=otlp-proto'), keeps: 'traces' },
  ];
}

/** Operations that answer with nothing but `null`. */
const SILENT = [
  'traces.clear',
  'servers.confirm',
  'servers.restart',
  'servers.stop',
  'servers.remove',
  'virtualServers.save',
  'virtualServers.remove',
  'redaction.save',
  'redaction.rescrub',
  'redaction.reveal',
  'settings.save',
  'forwarding.save',
  'forwarding.remove',
  'demo.play',
];

function operations(): string[] {
  return Object.entries(contract).flatMap(([topic, members]) => Object.keys(members).map((name) => `${topic}.${name}`));
}

/** What every operation of the contract tells a page, as it comes over its socket. `tried`: a text a page asks about. */
export async function contractSink(page: TestPage, servers: readonly string[], tried: string): Promise<Sink> {
  const frames: Buffer[] = [];
  const listen = (data: RawData): void => {
    frames.push(Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer));
  };
  page.socket.on('message', listen);
  const { client } = page;
  const asked = new Set(SILENT);
  const ask = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    asked.add(name);
    return call();
  };
  await ask('app.info', () => client.app.info());
  const question = { cursor: null, waitMs: 0 };
  const { traces } = await ask('traces.feed', () => client.traces.feed({ ...question, query: '', limit: 1_000 }));
  const hashes = new Set<string>();
  for (const { traceId } of traces) {
    const detail = await ask('traces.watch', () => client.traces.watch({ ...question, traceId }));
    for (const span of detail.spans) for (const { hash } of span.findings) hashes.add(hash);
    for (const { spanId, direction } of detail.payloads)
      await ask('traces.payload', () => client.traces.payload({ traceId, spanId, direction }));
    await ask('traces.export', () =>
      client.traces.export({ selection: { traceIds: [traceId] }, format: 'otlp-json', withPayloads: false }),
    );
    await ask('redaction.hints', () => client.redaction.hints({ traceId, spanId: null }));
  }
  await ask('servers.watch', () => client.servers.watch(question));
  for (const id of servers) await ask('servers.log', () => client.servers.log({ ...question, id: id as ServerId }));
  const config = { type: 'stdio', command: 'node', args: [], env: { NOTE: tried }, cwd: null } as const;
  await ask('servers.propose', () =>
    client.servers.propose({ id: 'new' as ServerId, config: { ...config, args: [...config.args] } }),
  );
  const file = JSON.stringify({ resourceSpans: [], note: tried });
  const base64 = Buffer.from(file).toString('base64');
  await ask('traces.import', () => client.traces.import({ fileName: 'a file', base64 }));
  await ask('settings.watch', () => client.settings.watch(question));
  await ask('forwarding.watch', () => client.forwarding.watch(question));
  const endpoint = { ...ENDPOINT_DEFAULTS, url: 'http://127.0.0.1:9', headers: { 'x-note': tried } };
  await ask('forwarding.preview', () => client.forwarding.preview({ name: null, endpoint }));
  await ask('forwarding.try', () => client.forwarding.try({ name: null, endpoint }));
  await ask('redaction.watch', () => client.redaction.watch(question));
  await ask('redaction.test', () => client.redaction.test({ text: tried, policy: null }));
  await ask('redaction.explain', () => client.redaction.explain({ key: 'note', value: tried }));
  for (const hash of [...hashes].slice(0, 20)) {
    await ask('redaction.trail', () => client.redaction.trail({ hash }));
    await ask('redaction.revealed', () => client.redaction.revealed({ hash }));
  }
  page.socket.off('message', listen);
  const left = operations().filter((name) => !asked.has(name));
  if (left.length > 0) throw new Error(`Nobody looked at what these operations tell: ${left.join(', ')}`);
  return { name: 'the contract', bytes: Buffer.concat(frames), keeps: 'both' };
}

/** What `throughline export` writes into files: of everything, or of one trace. */
export async function commandLineSinks(
  gateway: GatewayProcess,
  formats: readonly string[],
  traceId?: TraceId,
): Promise<readonly Sink[]> {
  const sinks: Sink[] = [];
  for (const format of formats) {
    const file = join(gateway.home, `export.${format}`);
    const one = traceId === undefined ? [] : ['--trace', traceId];
    const args = ['export', '--url', gateway.origin, '--token', gateway.token, '--format', format, '--out', file];
    const run = await runCli([...args, ...one], { home: gateway.home });
    if (run.code !== 0) throw new Error(run.stderr);
    sinks.push({ name: `the file that is exported as ${format}`, bytes: await readFile(file), keeps: null });
  }
  return sinks;
}

export async function diskSink(folder: string): Promise<Sink> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)));
  return { name: 'the files of the history', bytes: Buffer.concat(await Promise.all(files)), keeps: 'traces' };
}

export function outputSinks(gateway: GatewayProcess): readonly Sink[] {
  return [
    { name: "the gateway's stdout", bytes: Buffer.from(gateway.stdout()), keeps: null },
    { name: "the gateway's stderr", bytes: Buffer.from(gateway.stderr()), keeps: null },
  ];
}
