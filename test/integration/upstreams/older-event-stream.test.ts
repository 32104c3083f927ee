import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';

const EVERYTHING = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('server-everything over HTTP+SSE', () => {
  it('is connected to, lists, answers, reports progress, and is taken up again after it was restarted', async () => {
    const port = await freePort();
    const start = () => {
      const child = spawn(process.execPath, [EVERYTHING, 'sse'], {
        env: { PATH: process.env['PATH'], PORT: String(port) },
        stdio: 'ignore',
      });
      const ended = new Promise<void>((resolve) =>
        child.once('exit', () => {
          resolve();
        }),
      );
      return { child, ended };
    };
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/none`).then(
        () => true,
        () => false,
      );
    let { child, ended } = start();
    try {
      await eventually('it listens', answers);
      await using stage = upstreamStage({ type: 'sse', url: `http://127.0.0.1:${port}/sse`, headers: {} });
      await stage.server.connect();
      expect(stage.server.status().failure).toBeNull();
      expect(stage.server.status().introduction?.serverName).toContain('everything');
      const client = stage.client();
      expect(await client.tool('echo', { message: 'over the older stream' })).toContain('over the older stream');
      const heard: string[] = [];
      const params = { _meta: { progressToken: 'p' } };
      const operation = { duration: 0.2, steps: 2 };
      await client.tool('trigger-long-running-operation', operation, {
        params,
        onRelated: ({ method }) => heard.push(method),
      });
      expect(heard.filter((method) => method === 'notifications/progress').length).toBeGreaterThan(0);
      const restarting = stage.reached('restarting');
      child.kill('SIGKILL');
      await ended;
      await restarting;
      ({ child, ended } = start());
      await stage.reached('connected');
      expect(await client.tool('echo', { message: 'again' })).toContain('again');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });
});
