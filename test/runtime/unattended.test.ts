import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLiveGateways, writeStateFile } from '../../src/runtime/state-file.ts';
import { endUnattended } from '../../src/runtime/unattended.ts';
import { startCli, temporaryFolder, type CliProcess } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';

const TOKEN = 'the-token-of-the-app';

let home = '';
let directory = '';
const started: CliProcess[] = [];

beforeEach(() => {
  home = temporaryFolder();
  directory = join(home, 'state');
});
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGKILL');
    await cli.exited;
  }
  await rm(home, { recursive: true, force: true });
});

async function serve(...args: readonly string[]): Promise<CliProcess> {
  const env = { THROUGHLINE_STATE_DIR: directory, SHELL: '/bin/sh' };
  const cli = startCli(['serve', '--port', '0', '--json', ...args], { home, env });
  started.push(cli);
  await eventually('it is ready', () => cli.stdout().includes('"ready"'), 60_000);
  return cli;
}

const end = (): Promise<void> => endUnattended(TOKEN, { THROUGHLINE_STATE_DIR: directory });

describe('making way for the app', () => {
  it('ends the gateway of its token that a bridge started, and no other', async () => {
    const unattended = await serve('--token', TOKEN, '--exit-when-unused', '900');
    await serve('--token', TOKEN);
    await serve('--token', 'the-token-of-another', '--exit-when-unused', '900');
    await end();
    expect(await unattended.exited).toEqual({ code: 0, signal: null });
    const left = await findLiveGateways(directory);
    expect(left.map(({ pid }) => pid).toSorted()).toEqual(
      started
        .slice(1)
        .map(({ child }) => child.pid)
        .toSorted(),
    );
  }, 120_000);

  it('leaves alone a process that only has the number of a gateway that was killed', async () => {
    const refusing = createServer((_request, response) => response.writeHead(401).end()).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    await writeStateFile(directory, port, {
      url: `http://127.0.0.1:${port}`,
      token: TOKEN,
      ingestToken: null,
      // Were it signalled, this test would end.
      pid: process.pid,
      startedAt: new Date().toISOString(),
      operatorSecret: null,
      isUnattended: true,
    });
    await end();
    refusing.close();
    await end();
  });

  it('is nothing to do when none runs', async () => {
    await expect(end()).resolves.toBeUndefined();
  });
});
