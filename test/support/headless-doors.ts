import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoors, type OpenDoors, type OpenDoorsOptions } from '../../src/runtime/http/open-doors.ts';
import { createReceiverTally } from '../../src/runtime/ingest/receiver-counts.ts';
import { createContractRouter } from '../../src/runtime/operations/create-contract-router.ts';
import { createFakeServices, type FakeServices } from './fake-services.ts';

export const TOKEN = 'the-token-of-this-test';
export const INGEST_TOKEN = 'the-token-for-spans-only';
export const OPERATOR_SECRET = 'the-secret-in-the-state-file';

export interface DoorsUnderTest extends OpenDoors {
  readonly services: FakeServices;
  /** Holds `renderer/` (the page) and `private.js` beside it. */
  readonly directory: string;
  /** What reached the log. */
  readonly reported: string[];
  stop(): Promise<void>;
}

export type DoorsOptions = Partial<Omit<OpenDoorsOptions, 'services' | 'router' | 'report'>>;

/** Every door of the host on a real port, over fake services and a page of two files. */
export async function startDoors(options: DoorsOptions = {}): Promise<DoorsUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-doors-'));
  const rendererDir = join(directory, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(rendererDir, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(directory, 'private.js'), 'not for anyone');

  const services = createFakeServices();
  const reported: string[] = [];
  const report = (doing: string, thrown: unknown): void => {
    reported.push(`${doing}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  };
  const doors = await openDoors({
    port: 0,
    token: TOKEN,
    ingestToken: INGEST_TOKEN,
    receiver: {
      ingest: { take: async () => ({ spans: 0, payloads: 0, rejected: 0, problems: [] }) },
      tally: createReceiverTally(),
      closedBecause: () => null,
    },
    gatewayDoors: [],
    services,
    router: createContractRouter(services, report),
    rendererDir,
    operatorSecret: OPERATOR_SECRET,
    isReady: () => true,
    report,
    closeGraceMs: 50,
    ...options,
  });
  return {
    ...doors,
    services,
    directory,
    reported,
    async stop() {
      await doors.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function bearer(token: string = TOKEN): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
