import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/gateway/clock.ts';
import { createStdioTransport } from '../../../src/gateway/upstream/stdio-transport.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

interface Started {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TELL = 'console.error(JSON.stringify({ args: process.argv.slice(1), env: process.env }))';

/** Starts a program that tells what it was started with, and waits for that. */
async function startedWith(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): Promise<Started> {
  const transport = createStdioTransport({
    serverId: 'teller' as ServerId,
    config: { type: 'stdio', command: process.execPath, args: ['-e', TELL, '--', ...args], env, cwd: null },
    clock: createClock(),
    environment,
  });
  const told = new Promise<string>((resolve) => {
    void transport.start({
      message: () => undefined,
      failed: () => undefined,
      isAwaited: () => false,
      streaming: () => undefined,
      noise: resolve,
      closed: () => undefined,
    });
  });
  const line = await told;
  await transport.close();
  return JSON.parse(line) as Started;
}

describe('a started server', () => {
  it('S18: gets its arguments as they are, with no shell in between', async () => {
    const args = ['$HOME', '`id`', '; echo hacked', '*', 'two words', '"quoted"', '&& true', '%PATH%'];
    expect((await startedWith(args, {}, process.env)).args).toEqual(args);
  });

  it('S18: gets of the environment what is listed and what its configuration names, and nothing else', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/somewhere',
      GITHUB_TOKEN: 'not-for-servers',
      NODE_OPTIONS: '--no-warnings',
      THROUGHLINE_TOKEN: 'not-for-servers-either',
      LC_ALL: '() { echo a function; }',
    };
    const { env } = await startedWith([], { API_KEY: 'its-own' }, environment);
    // The operating system adds a variable of its own where it must.
    const names = Object.keys(env).filter((name) => name !== '__CF_USER_TEXT_ENCODING');
    expect(names.sort()).toEqual(['API_KEY', 'HOME', 'PATH']);
  });
});
