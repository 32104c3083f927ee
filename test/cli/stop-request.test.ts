import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../src/cli/stop-request.ts', import.meta.url).href;

/** A process that listens for stop and then does `then`; it says 'up' when it listens. */
async function listener(then: string, bound = 60_000) {
  const script = `
    const { listenForStop } = await import(${JSON.stringify(MODULE)});
    setInterval(() => {}, 1_000_000);
    const stop = listenForStop(() => process.stdout.write('overdue '), ${bound});
    process.stdout.write('up ');
    await stop.made;
    process.stdout.write('asked ');
    ${then}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child.stdout!, 'data');
  // Not 'close' of the child: it never comes once its channel was disconnected from this side.
  const ended = Promise.all([once(child, 'exit'), once(child.stdout!, 'end')]).then(([[code]]) => ({
    code: code as number | null,
    said,
  }));
  return { child, ended };
}

describe('a request to stop', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is made by %s', async (signal) => {
    const { child, ended } = await listener('process.exit(0)');
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, said: 'up asked ' });
  });

  it('is made when the launcher that holds the channel is gone', async () => {
    const { child, ended } = await listener('process.exit(0)');
    child.disconnect();
    expect(await ended).toEqual({ code: 0, said: 'up asked ' });
  });

  it('ends the process with code 0 when stopping takes too long, and says so', async () => {
    const { child, ended } = await listener('', 10);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, said: 'up asked overdue ' });
  });

  it('is not made twice by Ctrl-C that comes from the terminal and from the launcher', async () => {
    const { child, ended } = await listener(
      `process.kill(process.pid, 'SIGINT'); setTimeout(() => process.exit(0), 1)`,
    );
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, said: 'up asked ' });
  });
});
