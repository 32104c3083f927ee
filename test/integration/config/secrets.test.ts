import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemProtection } from '../../../src/desktop/secret-cipher.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { startHttpWorkbench } from '../../fixtures/servers/workbench-http.ts';
import { safeStorageDouble } from '../../support/electron/parts.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { openPage, pageTokenOf } from '../../support/page.ts';
import { answerText, openRawSession } from '../../support/raw-session.ts';
import { startHomeRuntime, type HomeRuntime } from './home-runtime.ts';

const LOCAL = 'local' as ServerId;
const REMOTE = 'remote' as ServerId;
/** Nothing else in the world has this in it. */
const SENTINEL = 'q7Zk-planted-9f3e-secret';

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = temporaryFolder();
  dataDir = temporaryFolder();
});

afterEach(async () => {
  for (const path of [folder, dataDir]) await rm(path, { recursive: true, force: true });
});

/** The files below these folders that hold the text, in any encoding that keeps ASCII. */
async function filesWith(text: string, ...folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const root of folders) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(path)).includes(text)) found.push(path);
    }
  }
  return found;
}

/** A local and a remote server with a secret each, which the local one gives away wherever it can. */
async function useSecrets(app: HomeRuntime, url: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const { page } = app;
  const config = {
    type: 'stdio',
    ...workbenchStdio(),
    args: [...workbenchStdio().args],
    env: { API_KEY: SENTINEL },
    cwd: null,
  } as const;
  seen.push(await page.servers.propose({ id: LOCAL, config: { ...config, args: [...config.args] } }));
  await app.add(LOCAL, config);
  await app.add(REMOTE, { type: 'http', url, headers: { Authorization: `Bearer ${SENTINEL}` } });
  await app.until(LOCAL, 'connected');
  await app.until(REMOTE, 'connected');

  const session = await openRawSession(app, '/mcp');
  expect(answerText(await session.callTool('local__echo_env', {})), 'the server has its secret').toContain(SENTINEL);
  await session.callTool('local__write_stderr', { text: `my key is ${SENTINEL}` });
  await session.callTool('local__fail', { message: `cannot use ${SENTINEL}` });
  await session.callTool(`local__${SENTINEL}`, { [SENTINEL]: SENTINEL });
  return seen;
}

/** Everything that an operation, an address or the log tells. */
async function everythingTold(app: HomeRuntime): Promise<string> {
  const { page } = app;
  const feed = await page.traces.feed({ cursor: null, query: '', limit: 100, waitMs: 0 });
  const told: unknown[] = [
    app.log(),
    await page.app.info(),
    await page.servers.watch({ cursor: null, waitMs: 0 }),
    feed.traces.map((trace) => ({ ...trace, startTime: '', endTime: '' })),
  ];
  for (const id of [LOCAL, REMOTE]) told.push(await page.servers.log({ id, cursor: null, waitMs: 0 }));
  for (const { traceId } of feed.traces) {
    told.push(
      await page.traces.export({ selection: { traceIds: [traceId] }, format: 'otlp-json', withPayloads: false }),
    );
    for (const path of [`/api/traces/${traceId}?payloads=1`, `/api/traces/${traceId}/tree`])
      told.push(await (await app.rest(path)).text());
  }
  for (const path of ['/api/traces', '/api/export?payloads=1', '/health', '/ready'])
    told.push(await (await app.rest(path)).text());
  return JSON.stringify(told);
}

describe('a secret that was typed into the interface', () => {
  it('S13: is in the file for secrets and at its server, and nowhere else', async () => {
    const http = await startHttpWorkbench();
    try {
      await using app = await startHomeRuntime(folder, { dataDir });
      const proposed = await useSecrets(app, http.url);
      expect(http.requestsOf('initialize')[0]?.headers.authorization).toBe(`Bearer ${SENTINEL}`);
      await eventually('the line on stderr is in the log', async () => {
        const { lines } = await app.page.servers.log({ id: LOCAL, cursor: null, waitMs: 0 });
        return lines.some(({ text }) => text.startsWith('my key is'));
      });
      const told = await everythingTold(app);
      expect(told, 'the calls are among what was told').toContain('echo_env');
      expect(told).not.toContain(SENTINEL);
      expect(JSON.stringify(proposed)).not.toContain(SENTINEL);
      expect(await app.page.app.info()).toMatchObject({
        secretStorage: { kind: 'file', file: join(folder, 'secrets.json') },
      });
      await app.runtime.stop();
      expect(await filesWith(SENTINEL, folder, dataDir)).toEqual([join(folder, 'secrets.json')]);
    } finally {
      await http.close();
    }
  });

  it('is there after a restart, without anybody being asked', async () => {
    const http = await startHttpWorkbench();
    try {
      {
        await using app = await startHomeRuntime(folder);
        await useSecrets(app, http.url);
      }
      await using app = await startHomeRuntime(folder);
      await app.until(LOCAL, 'connected');
      await app.until(REMOTE, 'connected');
      expect(http.requestsOf('initialize').at(-1)?.headers.authorization).toBe(`Bearer ${SENTINEL}`);
    } finally {
      await http.close();
    }
  });

  it('is gone from every file when its server is removed', async () => {
    const http = await startHttpWorkbench();
    try {
      await using app = await startHomeRuntime(folder, { dataDir });
      await useSecrets(app, http.url);
      await app.page.servers.remove({ id: LOCAL });
      await app.page.servers.remove({ id: REMOTE });
      expect(await filesWith(SENTINEL, folder, dataDir)).toEqual([]);
    } finally {
      await http.close();
    }
  });
});

describe('where secrets are kept', () => {
  it('is told loudly when the system cannot encrypt them', async () => {
    const protection = await systemProtection(safeStorageDouble({ ready: true }, { backend: 'basic_text' }), 'linux');
    await using app = await startHomeRuntime(folder, { protection });
    expect(app.log()).toMatch(/^throughline warning: Secrets that you enter .* NOT encrypted: .*keyring/m);
    expect((await app.page.app.info()).secretStorage.kind).toBe('file');
  });

  it('is a file that tells nothing when the system encrypts them, and the server has them all the same', async () => {
    const http = await startHttpWorkbench();
    try {
      const protection = await systemProtection(safeStorageDouble({ ready: true }), 'linux');
      await using app = await startHomeRuntime(folder, { protection });
      await app.add(REMOTE, { type: 'http', url: http.url, headers: { Authorization: `Bearer ${SENTINEL}` } });
      await app.until(REMOTE, 'connected');
      expect(http.requestsOf('initialize')[0]?.headers.authorization).toBe(`Bearer ${SENTINEL}`);
      expect((await app.page.app.info()).secretStorage.kind).toBe('keychain');
      expect(app.log()).not.toContain('NOT encrypted');
      expect(await filesWith(SENTINEL, folder)).toEqual([]);
    } finally {
      await http.close();
    }
  });

  it('is memory for a gateway without a folder of its own', async () => {
    const http = await startHttpWorkbench();
    try {
      await using gateway = await startGateway({ args: ['--manage', '--data-dir', dataDir] });
      const page = await openPage(gateway.origin, await pageTokenOf(gateway.ready.ui));
      const headers = { Authorization: `Bearer ${SENTINEL}` };
      const { proposalId } = await page.client.servers.propose({
        id: REMOTE,
        config: { type: 'http', url: http.url, headers },
      });
      await page.client.servers.confirm({ proposalId });
      await eventually('it was reached', () => http.requestsOf('initialize').length > 0);
      await page.client.servers.restart({ id: REMOTE });
      await eventually('it was reached again', () => http.requestsOf('initialize').length > 1);
      expect(http.requestsOf('initialize').at(-1)?.headers.authorization).toBe(`Bearer ${SENTINEL}`);
      expect((await page.client.app.info()).secretStorage).toEqual({ kind: 'run', file: null });
      page.close();
      await gateway.stop();
      expect(await filesWith(SENTINEL, gateway.home, dataDir)).toEqual([]);
      expect(gateway.stdout() + gateway.stderr()).not.toContain(SENTINEL);
    } finally {
      await http.close();
    }
  });
});
