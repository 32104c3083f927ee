import { once } from 'node:events';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, startCli, temporaryFolder, type CliOptions, type CliProcess } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { openPage, pageTokenOf } from '../support/page.ts';

let home = '';
const started: CliProcess[] = [];

beforeEach(() => {
  home = temporaryFolder();
});
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGKILL');
    await cli.exited;
  }
  await rm(home, { recursive: true, force: true });
});

async function start(args: readonly string[], options: CliOptions = {}): Promise<CliProcess> {
  const cli = startCli(args, { home, ...options });
  started.push(cli);
  let exited = false;
  void cli.exited.then(() => (exited = true));
  await eventually('it is ready', () => {
    if (exited) throw new Error(cli.stderr());
    return /"event":"ready"|Open: /.test(cli.stdout());
  });
  return cli;
}

interface ReadyLine {
  readonly event: string;
  readonly mcp: string;
  readonly rpc: string;
  readonly ui: string;
  readonly token: string;
  readonly pid: number;
}

function readyLineOf(cli: CliProcess): ReadyLine {
  return JSON.parse(cli.stdout()) as ReadyLine;
}

const stateDirectory = () => join(home, '.local', 'state', 'throughline');

describe('serve --json', () => {
  it('prints exactly one line on stdout, with what scripts need and no door that is not built', async () => {
    const cli = await start(['serve', '--port', '0', '--json']);
    const ready = readyLineOf(cli);
    expect(Object.keys(ready)).toEqual(['event', 'mcp', 'rpc', 'otlp', 'ui', 'token', 'otlpToken', 'pid']);
    expect(ready).toMatchObject({ event: 'ready', pid: cli.child.pid });
    expect(ready.mcp).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect(ready.rpc).toBe(ready.mcp.replace(/mcp$/, 'rpc'));
    expect(ready.ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/);
    expect(ready.token).toMatch(/^[\w-]{43}$/);
    cli.child.kill('SIGTERM');
    await cli.exited;
    expect(cli.stdout().split('\n')).toHaveLength(2);
  });

  it('S26, R102: leaves a file for the user only while it runs, and SIGTERM ends it with code 0', async () => {
    const cli = await start(['serve', '--port', '0', '--json']);
    const ready = readyLineOf(cli);
    const [name = ''] = await readdir(stateDirectory());
    expect(name).toBe(`gateway-${new URL(ready.mcp).port}.json`);
    const file = join(stateDirectory(), name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      url: new URL(ready.mcp).origin,
      token: ready.token,
      pid: ready.pid,
      operatorSecret: null,
    });
    cli.child.kill('SIGTERM');
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    expect(await readdir(stateDirectory())).toEqual([]);
    expect(cli.stderr()).toBe('');
  });

  it('takes the token of the environment', async () => {
    const env = { THROUGHLINE_TOKEN: 'chosen-by-the-environment' };
    const ready = readyLineOf(await start(['serve', '--port', '0', '--json'], { env }));
    expect(ready.token).toBe(env.THROUGHLINE_TOKEN);
    const health = (token: string) =>
      fetch(`${new URL(ready.mcp).origin}/health`, { headers: { Authorization: `Bearer ${token}` } });
    expect((await health(ready.token)).status).toBe(200);
    expect((await health('another-token-of-length')).status).toBe(401);
  });

  it.each([
    [[], false],
    [['--manage'], true],
  ])('S5: with %j lets the page of the one-time code manage: %s', async (args, canManage) => {
    const ready = readyLineOf(await start(['serve', '--port', '0', '--json', ...args]));
    const page = await openPage(new URL(ready.mcp).origin, await pageTokenOf(ready.ui));
    expect((await page.client.app.info()).canManage).toBe(canManage);
    page.close();
  });

  it('goes on when the reader of its ready line has gone', async () => {
    const cli = await start(['serve', '--port', '0', '--json']);
    const ready = readyLineOf(cli);
    cli.child.stdout.destroy();
    cli.child.stderr.destroy();
    const { origin } = new URL(ready.mcp);
    const response = await fetch(`${origin}/health`, { headers: { Authorization: `Bearer ${ready.token}` } });
    expect(response.status).toBe(200);
  });
});

describe('serve --exit-when-unused', () => {
  const unattended = ['serve', '--port', '0', '--json', '--exit-when-unused', '1'];

  it('ends by itself with code 0 when nobody has come, and says of itself that it may be replaced', async () => {
    const cli = await start(unattended);
    const [name = ''] = await readdir(stateDirectory());
    expect(JSON.parse(await readFile(join(stateDirectory(), name), 'utf8'))).toMatchObject({ isUnattended: true });
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    expect(await readdir(stateDirectory())).toEqual([]);
  });

  it('goes on as long as a page is open', async () => {
    const cli = await start(unattended);
    const ready = readyLineOf(cli);
    const page = await openPage(new URL(ready.mcp).origin, await pageTokenOf(ready.ui));
    const over = cli.exited.then(() => 'ended');
    expect(await Promise.race([over, delay(2_500, 'runs')])).toBe('runs');
    page.close();
    expect(await cli.exited).toEqual({ code: 0, signal: null });
  });
});

describe('serve for people', () => {
  it('says where clients connect, where the token is and what to open, and never the token itself', async () => {
    const cli = await start(['serve', '--port', '0']);
    const [file = ''] = await readdir(stateDirectory());
    expect(cli.stdout()).toMatch(/^MCP endpoint: http:\/\/127\.0\.0\.1:\d+\/mcp$/m);
    expect(cli.stdout()).toContain(`Token: in ${join(stateDirectory(), file)}\n`);
    expect(cli.stdout()).toMatch(/^Open: http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/m);
    const { token } = JSON.parse(await readFile(join(stateDirectory(), file), 'utf8')) as { token: string };
    expect(cli.stdout() + cli.stderr()).not.toContain(token);
  });

  it('ends with one sentence when the port is in use, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await runCli(['serve', '--port', String(port)], { home });
    other.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^throughline: Port ${port} is in use\\. [^\\n]+\\n$`));
    expect(await readdir(home)).toEqual([]);
  });
});

describe('demo', () => {
  it('plays through the real gateway and keeps running; open and export find it', async () => {
    const cli = await start(['demo']);
    expect(cli.stdout()).toMatch(/^Open: http/m);
    const exported = await eventually('a tool was called', async () => {
      const { stdout } = await runCli(['export'], { home });
      return stdout.includes('"tools/call"') && stdout;
    });
    expect(JSON.parse(exported)).toHaveProperty('resourceSpans');
    expect((await runCli(['open'], { home })).stdout).toMatch(/^Open: http\S+#code=\S+\n$/);
    cli.child.kill('SIGINT');
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    expect((await runCli(['open'], { home })).code).toBe(1);
  });
});
