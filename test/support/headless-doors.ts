import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHealthDoor } from '../../src/runtime/http/health-door.ts';
import type { HttpDoor } from '../../src/runtime/http/http-door.ts';
import { createHttpHost, type HttpHost } from '../../src/runtime/http/http-host.ts';
import { createPageDoor, PAGE_TOKEN_PATH } from '../../src/runtime/http/page-door.ts';
import { createPageSessions, type PageSessions } from '../../src/runtime/http/page-sessions.ts';
import { createRestDoor } from '../../src/runtime/http/rest-door.ts';
import { createUiDoor, isPageFile } from '../../src/runtime/http/ui-door.ts';
import { createWsDoor, type WsDoorOptions } from '../../src/runtime/http/ws-door.ts';
import { createContractRouter } from '../../src/runtime/operations/create-contract-router.ts';
import { createFakeServices, type FakeServices } from './fake-services.ts';

export const TOKEN = 'the-token-of-this-test';
export const OPERATOR_SECRET = 'the-secret-in-the-state-file';

export interface DoorsUnderTest {
  readonly host: HttpHost;
  readonly sessions: PageSessions;
  readonly services: FakeServices;
  readonly rendererDir: string;
  /** What reached the log. */
  readonly reported: string[];
  stop(): Promise<void>;
}

export type DoorsOptions = Pick<WsDoorOptions, 'firstMessageTimeoutMs' | 'maxBufferedBytes'> & {
  readonly services?: FakeServices;
  /** Asked first, as the gateway's door is. */
  readonly firstDoor?: HttpDoor;
};

/** Every door of the headless host on a real port, over fake services and a page of three files. */
export async function startDoors(options: DoorsOptions = {}): Promise<DoorsUnderTest> {
  const { services = createFakeServices(), firstDoor, ...wsOptions } = options;
  const directory = await mkdtemp(join(tmpdir(), 'throughline-doors-'));
  const rendererDir = join(directory, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(rendererDir, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(directory, 'private.js'), 'not for anyone');

  const reported: string[] = [];
  const report = (doing: string, thrown: unknown): void => {
    reported.push(`${doing}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  };
  const sessions = createPageSessions({ now: () => performance.now() });
  const router = createContractRouter(services, report);
  const ws = createWsDoor({ sessions, router, report, ...wsOptions });
  let origin = '';
  const rest = createRestDoor({
    services,
    createUiUrl: (canManage) => `${origin}/#code=${sessions.issueCode({ canManage })}`,
    operatorSecret: OPERATOR_SECRET,
    report,
  });
  const host = await createHttpHost({
    port: 0,
    token: TOKEN,
    isPublic: (method, path) => isPageFile(method, path) || (method === 'POST' && path === PAGE_TOKEN_PATH),
    doors: [
      ...(firstDoor === undefined ? [] : [firstDoor]),
      createHealthDoor(() => true),
      createPageDoor(sessions),
      rest,
      createUiDoor({ rendererDir, report }),
    ],
    upgrade: ws,
    report,
    closeGraceMs: 50,
  });
  origin = host.origin;
  return {
    host,
    sessions,
    services,
    rendererDir,
    reported,
    async stop() {
      ws.close();
      await host.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function bearer(token: string = TOKEN): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
