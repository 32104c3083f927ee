import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Observer } from '../../src/gateway/observer.ts';
import type { SessionMode } from '../../src/shared/domain/server.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startInProcessGateway, tracingObserver } from '../support/in-process-gateway.ts';
import { openRawSession } from '../support/raw-session.ts';
import { silentObserver } from '../support/silent-observer.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { wireMessages } from '../support/wire-record.ts';

/** What a server received, call by call, when three clients used it under this observer. */
async function wireUnder(observer: Observer, sessions: SessionMode, flags = '01'): Promise<readonly unknown[]> {
  const recordFile = join(temporaryFolder(), 'wire.jsonl');
  const local = { type: 'stdio', ...workbenchStdio(recordFile), env: {}, cwd: null } as const;
  const gateway = await startInProcessGateway({ servers: { local }, observer, sessions });
  const rest = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${gateway.token}`);
    return fetch(new URL(path, gateway.origin), { ...init, headers });
  };
  for (const client of ['a', 'b', 'c']) {
    const session = await openRawSession({ rest }, '/servers/local/mcp');
    for (const text of ['1', '2', '3'])
      await session.callTool(
        'echo_text',
        { text: client + text },
        { traceparent: newCallerContext(flags).traceparent },
      );
    await session.request('prompts/get', { name: 'greeting' });
    await session.callTool('fail', { message: 'no' });
  }
  await gateway.stop();
  expect(gateway.defects).toEqual([]);
  return wireMessages(recordFile).map(({ method, id, params }) => [method, id, params?.['arguments'] ?? null]);
}

const OFF = { ...DEFAULT_TRACING_SETTINGS, isRecording: false };

describe.each(['dedicated', 'shared'] as const)('tracing, upstream sessions %s', (sessions) => {
  it('R45: changes neither how many sessions a server has, nor their ids, nor the order of what it is sent', async () => {
    const none = await wireUnder(silentObserver(), sessions);
    const on = await wireUnder(tracingObserver(), sessions);
    expect(on).toEqual(none);
    expect(await wireUnder(tracingObserver(OFF), sessions)).toEqual(none);
    expect(await wireUnder(tracingObserver(), sessions, '00')).toEqual(none);
    expect(on.filter((message) => String(message).startsWith('initialize')).length).toBe(sessions === 'shared' ? 1 : 4);
    expect(on.length).toBeGreaterThan(15);
  });
});
