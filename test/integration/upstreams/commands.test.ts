import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_STREAM, startScriptedHttp } from '../../fixtures/servers/scripted-http.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';

const SHELL_WORDS = new URL('../../fixtures/servers/shell-words-stdio.ts', import.meta.url).pathname;

/** The command lines of everything this process has started that still runs. */
function commandLines(): readonly (readonly string[])[] {
  return descendantsOf(process.pid)
    .filter(isAlive)
    .map(({ pid }) => commandLineOf(pid))
    .filter((line) => line.length > 0);
}

/** Empty for a process that is just ending or gone. */
function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    // It ended in between.
    return [];
  }
}

describe('what a server says', () => {
  it('S17: never becomes part of a command, whatever it is and wherever it stands', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'empty');
    mkdirSync(folder);
    writeFileSync(
      join(parent, 'preloaded.cjs'),
      `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'preloaded'))}, '')`,
    );
    const args = [SHELL_WORDS, folder];
    const config: ServerConfig = { type: 'stdio', command: process.execPath, args, env: {}, cwd: null };
    const configured = [process.execPath, ...args];
    const seen = new Set<string>();
    const look = (): void => {
      for (const line of commandLines()) seen.add(JSON.stringify(line));
    };
    await using stage = upstreamStage(config);
    stage.server.onChange(look);
    await stage.server.connect();
    expect(stage.server.status().catalog.tools).toHaveLength(8);
    const client = stage.client();
    for (const name of ['anything', ...stage.server.status().catalog.tools.map((tool) => String(tool['name']))]) {
      await client.tool(name);
      look();
    }
    await client.ask('tools/call', { params: { name: 'error' } });
    for (const method of ['prompts/get', 'resources/read', 'completion/complete', 'logging/setLevel', 'no/such/method'])
      await client.ask(method, { params: { name: 'x', uri: 'x' } });
    await expect(client.tool('crash')).rejects.toThrow('exited with code 3');
    await client.tool('anything');
    look();
    // The gateway's own session ends, too, with such words, and is started again.
    const [own] = descendantsOf(process.pid).filter(({ pid }) => pid === stage.server.status().pid);
    const restarting = stage.reached('restarting');
    process.kill(own?.pid ?? 0, 'SIGKILL');
    await restarting;
    await stage.reached('connected');
    look();
    expect([...seen]).toEqual([JSON.stringify(configured)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never leads a message elsewhere: no redirect is followed, and no address of another origin taken', async () => {
    await using elsewhere = await startScriptedHttp(() => false);
    await using http = await startScriptedHttp(({ method, message }, response) => {
      if (method === 'GET') {
        response.writeHead(200, EVENT_STREAM).write(`event: endpoint\ndata: ${elsewhere.url}\n\n`);
        return true;
      }
      if (message['method'] !== 'tools/call') return false;
      response.writeHead(307, { location: elsewhere.url }).end();
      return true;
    });
    const headers = { Authorization: 'Bearer its-own' };
    await using redirecting = upstreamStage({ type: 'http', url: http.url, headers });
    await redirecting.server.connect();
    await expect(redirecting.client().tool('anything')).rejects.toMatchObject({
      category: 'http_error',
      message: 'Server "stage" refused the request with HTTP 307.',
    });
    await using naming = upstreamStage({ type: 'sse', url: http.url, headers });
    await naming.server.connect();
    expect(naming.server.status().failure).toContain(`wants its messages at ${elsewhere.origin}`);
    await eventually('what was to be sent has been', () => http.requests.some(({ method }) => method === 'GET'));
    expect(elsewhere.requests).toEqual([]);
  });
});
