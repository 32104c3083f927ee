import { expect, it } from 'vitest';
import { startFaultHttp } from '../../fixtures/servers/faults/fault-http.ts';
import { eventually } from '../../support/eventually.ts';
import { startInProcessGateway, tracingObserver } from '../../support/in-process-gateway.ts';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import { answerText, openRawSession } from '../../support/raw-session.ts';
import { openLegacyStream, openRawStream } from '../doors/door-support.ts';

/** What keeps this process alive, and how often; timers that nobody waits for are not among it. */
function activeResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function grown(before: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(activeResources())
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(([kind, count]) => `${kind}: ${count} instead of ${before[kind] ?? 0}`);
}

it('a gateway that is stopped with calls, streams and clients under way leaves nothing that runs', async () => {
  await using http = await startFaultHttp();
  const remote = { type: 'http', url: http.url, headers: {} } as const;
  const local = { type: 'stdio', ...FAULT_STDIO, env: {}, cwd: null } as const;
  const run = async (): Promise<void> => {
    const gateway = await startInProcessGateway({ servers: { local, remote }, observer: tracingObserver() });
    const rest = (path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${gateway.token}`);
      headers.set('connection', 'close');
      return fetch(new URL(path, gateway.origin), { ...init, headers });
    };
    const calls: Promise<unknown>[] = [];
    for (const server of ['local', 'remote']) {
      const session = await openRawSession({ rest }, `/servers/${server}/mcp`);
      expect(answerText(await session.callTool('echo', { text: 'hello' }))).toBe('hello');
      calls.push(session.callTool(server === 'local' ? 'never' : 'puppet', {}));
      const headers = { 'mcp-session-id': session.sessionId ?? '' };
      calls.push(openRawStream(gateway, `/servers/${server}/mcp`, { headers }));
      calls.push(openLegacyStream(gateway, `/servers/${server}/sse`));
    }
    await eventually('the calls are with their servers', () => http.held.length > 0);
    await gateway.stop();
    await Promise.allSettled(calls);
    http.held.length = 0;
    expect(gateway.defects).toEqual([]);
    await eventually('the server has lost its connections', () => http.connections() === 0);
  };
  // The first one makes what is made once.
  await run();
  const before = activeResources();
  await run();
  await eventually('nothing more is active than before', () => grown(before).length === 0).catch((error: unknown) => {
    throw new Error(`More is active than before: ${grown(before).join(', ')}`, { cause: error });
  });
}, 120_000);
