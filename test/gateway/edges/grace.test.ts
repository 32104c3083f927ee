import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  doorServer,
  initializeRequest,
  openRawStream,
  toolCall,
  type DoorServer,
  type RawStream,
} from '../../integration/doors/door-support.ts';
import { startDoorHost, type DoorHost, type SeenExchange } from './door-host.ts';

const ENDPOINT = '/servers/local/mcp';
const LIMITS = { maxEvents: 100, maxBytes: 1_000_000, maxTotalBytes: 1_000_000 };

interface BrokenCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly stream: RawStream;
}

async function openSession(host: DoorHost): Promise<Readonly<Record<string, string>>> {
  const response = await host.post(ENDPOINT, initializeRequest());
  await response.text();
  return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '' };
}

/** Calls a tool that says something and waits; breaks the connection when that was heard, which the gateway then knows. */
async function breakCall(host: DoorHost, server: DoorServer, label: string): Promise<BrokenCall> {
  const headers = await openSession(host);
  const path = server.newPath();
  const body = toolCall(1, 'tell_then_wait', { label, path });
  const stream = await openRawStream(host, ENDPOINT, { method: 'POST', headers, body });
  await stream.hears('the call runs', ({ method }) => method === 'notifications/message');
  const before = host.brokenOff();
  stream.break();
  await eventually('the gateway knows of the broken connection', () => host.brokenOff() > before);
  return { headers, path, stream };
}

const ended = (host: DoorHost): Promise<SeenExchange> =>
  eventually('the root has ended', () => {
    const seen = host.observer.exchangeOf('tools/call');
    return seen !== null && seen.outcomes.length > 0 && seen;
  });

describe('a call whose client lost its connection', () => {
  it('is cancelled at its server when the client does not come back in time', async () => {
    const server = doorServer();
    await using host = await startDoorHost({
      servers: { local: server.entry },
      resume: { graceMillis: 100, limits: LIMITS },
    });
    const { headers } = await breakCall(host, server, 'late');
    await eventually('the server was told', () => server.cancelled().includes('late'));
    const { operations, outcomes } = await ended(host);
    expect(operations).toMatchObject([{ outcome: { kind: 'cancelled' } }]);
    expect(outcomes).toEqual([{ kind: 'disconnected' }]);
    const resumed = await openRawStream(host, ENDPOINT, { headers: { ...headers, 'last-event-id': '1-0' } });
    expect(resumed.status).toBe(400);
  });

  it('keeps its result in the trace when nobody fetched the answer, and its root is cancelled', async () => {
    const server = doorServer();
    await using host = await startDoorHost({
      servers: { local: server.entry },
      resume: { graceMillis: 500, limits: LIMITS },
    });
    const { path } = await breakCall(host, server, 'unfetched');
    writeFileSync(path, '');
    const { operations, outcomes } = await ended(host);
    expect(operations).toMatchObject([{ outcome: { kind: 'result' } }]);
    expect(outcomes).toEqual([{ kind: 'disconnected' }]);
    expect(server.cancelled()).toEqual([]);
  });

  it('goes on while a client that came back is there, and waits again when it leaves again', async () => {
    const server = doorServer();
    await using host = await startDoorHost({
      servers: { local: server.entry },
      resume: { graceMillis: 200, limits: LIMITS },
    });
    const { headers } = await breakCall(host, server, 'again');
    const resumed = await openRawStream(host, ENDPOINT, { headers: { ...headers, 'last-event-id': '1-1' } });
    expect(resumed.status).toBe(200);
    const other = await breakCall(host, server, 'meanwhile');
    await eventually('another\u2019s grace has passed', () => server.cancelled().includes('meanwhile'));
    expect(other.stream.hasEnded).toBe(true);
    expect(server.cancelled()).not.toContain('again');
    resumed.break();
    await eventually('its own has passed', () => server.cancelled().includes('again'));
  });

  it('is cancelled at once when no event id had been sent', async () => {
    const server = doorServer();
    await using host = await startDoorHost({ servers: { local: server.entry } });
    const headers = await openSession(host);
    const leaving = new AbortController();
    const args = { label: 'plain', silently: true, path: server.newPath() };
    const call = fetch(new URL(ENDPOINT, host.origin), {
      method: 'POST',
      headers: { accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(toolCall(1, 'tell_then_wait', args)),
      signal: leaving.signal,
    });
    call.catch(() => undefined);
    await eventually('the call runs', () => host.observer.exchangeOf('tools/call'));
    leaving.abort();
    expect((await ended(host)).outcomes).toEqual([{ kind: 'disconnected' }]);
    await eventually('the server was told', () => server.cancelled().includes('plain'));
  });

  it('is cancelled at once when its session ends', async () => {
    const server = doorServer();
    await using host = await startDoorHost({ servers: { local: server.entry } });
    const { headers } = await breakCall(host, server, 'deleted');
    const response = await fetch(new URL(ENDPOINT, host.origin), { method: 'DELETE', headers });
    expect(response.status).toBe(200);
    expect((await ended(host)).outcomes).toEqual([{ kind: 'disconnected' }]);
  });

  it('has its root ended when the gateway stops, with its answer kept or not', async () => {
    const server = doorServer();
    const host = await startDoorHost({ servers: { local: server.entry } });
    await breakCall(host, server, 'running');
    const kept = await breakCall(host, server, 'kept');
    writeFileSync(kept.path, '');
    const calls = host.observer.exchanges.filter(({ operations }) => operations[0]?.method === 'tools/call');
    await eventually('one is answered', () =>
      calls.some(({ operations }) => operations[0]?.outcome?.kind === 'result'),
    );
    await host[Symbol.asyncDispose]();
    await eventually('both roots have ended', () => calls.every(({ outcomes }) => outcomes.length === 1));
    expect(calls.flatMap(({ outcomes }) => outcomes)).toEqual([{ kind: 'disconnected' }, { kind: 'disconnected' }]);
  });

  it('loses its oldest events beyond the limits, which are counted', async () => {
    const server = doorServer();
    await using host = await startDoorHost({
      servers: { local: server.entry },
      resume: { graceMillis: 30_000, limits: { ...LIMITS, maxEvents: 1 } },
    });
    const { headers, path } = await breakCall(host, server, 'bounded');
    expect(host.gateway.droppedEventCount()).toBe(0);
    writeFileSync(path, '');
    await eventually('the answer took the place of what came before', () => host.gateway.droppedEventCount() === 1);
    const resumed = await openRawStream(host, ENDPOINT, { headers: { ...headers, 'last-event-id': '1-0' } });
    await resumed.hears('the answer', ({ id }) => id === 1);
    expect(resumed.events.map(({ id }) => id)).toEqual(['1-2']);
  });
});
