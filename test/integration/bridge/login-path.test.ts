import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { answerText, openRawSession } from '../../support/raw-session.ts';
import { writeShellScript } from '../../support/shell-script.ts';

let home: string;

beforeEach(() => {
  home = temporaryFolder();
});
afterEach(() => rm(home, { recursive: true, force: true }));

function fakeShell(script: string): Promise<string> {
  return writeShellScript(join(home, 'fake-shell'), script);
}

function serve(SHELL: string, ...args: readonly string[]): Promise<GatewayProcess> {
  return startGateway({ home, args, env: { SHELL }, config: { mcpServers: { local: workbenchStdio() } } });
}

async function pathOfServers(gateway: GatewayProcess): Promise<string> {
  const session = await openRawSession(gateway, '/servers/local/mcp');
  const environment = JSON.parse(answerText(await session.callTool('echo_env', {}))) as Record<string, string>;
  return environment['PATH'] ?? '';
}

const SAYS_PATH = 'for last; do :; done; PATH="/from/login:$PATH"; eval "$last"';

const INHERITED = process.env['PATH'] ?? '';

describe('the PATH of servers', () => {
  it('has what the login shell adds when the gateway runs in the background', async () => {
    await using gateway = await serve(await fakeShell(SAYS_PATH), '--exit-when-unused', '900');
    expect(await pathOfServers(gateway)).toBe([...new Set(['/from/login', ...INHERITED.split(':')])].join(':'));
  }, 60_000);

  it('stays as it was when the shell fails, which the log says', async () => {
    await using gateway = await serve(await fakeShell('exit 3'), '--exit-when-unused', '900');
    expect(await pathOfServers(gateway)).toBe(INHERITED);
    expect(gateway.stderr()).toMatch(/^throughline error: Asking the login shell for PATH failed: .* \(exit code 3\)/m);
  }, 60_000);

  it('is the one of the terminal when the gateway was started there', async () => {
    await using gateway = await serve(await fakeShell(SAYS_PATH));
    expect(await pathOfServers(gateway)).toBe(INHERITED);
  }, 60_000);
});
