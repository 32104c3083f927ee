import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryFolder, type CliRun } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { answerText, openRawSession } from '../../support/raw-session.ts';

/** The whole answer to a mistake: an exit code, one line on stderr, nothing on stdout. */
function expectOneSentence(run: CliRun, says: RegExp): void {
  expect(run.code).toBeGreaterThan(0);
  expect(run.stdout).toBe('');
  expect(run.stderr).toMatch(/^[^\n]+[.)]\n$/);
  expect(run.stderr).toMatch(says);
  expect(run.stderr).not.toMatch(/\n\s+at |Error:/);
}

function serveConfig(text: string): Promise<CliRun> {
  const home = temporaryFolder();
  const file = join(home, 'config.json');
  writeFileSync(file, text);
  return runCli(['serve', '--config', file, '--port', '0', '--json'], { home });
}

describe('a gateway that cannot start', () => {
  it('says that the port is in use, and what to do', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const run = await runCli(['serve', '--port', String(port), '--json']);
    expectOneSentence(run, new RegExp(`${port}.*--port`));
    await new Promise((resolve) => taken.close(resolve));
  });

  it('leaves the gateway alone that has the port', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { port } = new URL(gateway.origin);
    expectOneSentence(await runCli(['serve', '--port', port, '--json'], { home: gateway.home }), new RegExp(port));
    expect(answerText(await session.callTool('echo_text', { text: 'unharmed' }))).toBe('unharmed');
  });

  it.each([
    ['broken JSON', '{"mcpServers": {"a": {"command": "x"}', /line 1.*column \d+/],
    ['an empty file', '', /empty/],
    ['a list', '[]', /config\.json/],
    ['an unknown key', '{"mcpServer": {}}', /unknown key "mcpServer".*mcpServers/],
    ['an unknown key of a server', '{"mcpServers": {"a": {"command": "x", "arg": []}}}', /unknown key "arg".*args/],
    ['an unknown gateway key', '{"gateway": {"timeout": 1}}', /unknown key "timeout".*requestTimeoutMs/],
    ['a server without command and url', '{"mcpServers": {"a": {}}}', /command.*url/],
    ['a url that is none', '{"mcpServers": {"a": {"url": "ftp://x"}}}', /http/],
    ['a name that is no path segment', '{"mcpServers": {"a/b": {"command": "x"}}}', /name/],
    ['a time-out that is a word', '{"gateway": {"requestTimeoutMs": "soon"}}', /requestTimeoutMs/],
  ])('says where a config file is wrong: %s', async (_what, text, says) => {
    expectOneSentence(await serveConfig(text), says);
  });

  it('never repeats a secret of the config file', async () => {
    const env = { API_KEY: 'config-secret-4719' };
    const text = JSON.stringify({ mcpServers: { a: { command: 'x', args: 'no list', env } } });
    const run = await serveConfig(text);
    expectOneSentence(run, /args/);
    expect(run.stderr).not.toContain('config-secret-4719');
  });

  it('says that there is no such config file', async () => {
    expectOneSentence(await runCli(['serve', '--config', '/no/such/file.json', '--json']), /\/no\/such\/file\.json/);
  });

  it('says that a folder is no config file', async () => {
    const folder = join(temporaryFolder(), 'folder.json');
    mkdirSync(folder);
    expectOneSentence(await runCli(['serve', '--config', folder, '--json']), /folder\.json/);
  });

  it.each([
    [['serve', '--prot', '1'], /--prot/],
    [['serve', '--port', 'http'], /--port/],
    [['serve', '--port', '70000'], /65535/],
    [['frobnicate'], /frobnicate/],
    [['export', '--trace', 'xyz'], /trace/],
    [['export', '--format', 'xml'], /otlp-json/],
  ])('says what is wrong with %j', async (args, says) => {
    expectOneSentence(await runCli(args), says);
  });
});
