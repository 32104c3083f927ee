import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asRequest, gatewayInitialize } from '../../../src/gateway/upstream/handshake.ts';
import type { ClientSession } from '../../../src/gateway/session/client-session.ts';
import { createClientSessions, type ClientSessions } from '../../../src/gateway/session/client-sessions.ts';
import { EventStore } from '../../../src/gateway/session/event-store.ts';
import { createServerRegistry, type ServerRegistry } from '../../../src/gateway/upstream/server-registry.ts';
import { createClock } from '../../../src/gateway/clock.ts';
import { silentObserver } from '../../support/silent-observer.ts';

const IDLE_MILLIS = 1_800_000;
const ALL = { kind: 'all' } as const;
const initialize = gatewayInitialize('1.0.0');

describe('the sessions of clients', () => {
  let servers: ServerRegistry;
  let sessions: ClientSessions;
  let events: EventStore;

  beforeEach(() => {
    vi.useFakeTimers();
    servers = createServerRegistry({
      clock: createClock(),
      observer: silentObserver(),
      sanitize: (text) => text,
      gatewayVersion: '1.0.0',
      environment: {},
      connectTimeoutMillis: 1_000,
      requestTimeoutMillis: 0,
      sessions: 'dedicated',
      idleStopMillis: 0,
      healthCheckMillis: 0,
      toolNameSeparator: '__',
    });
    events = new EventStore({ maxEvents: 10, maxBytes: 1_000, maxTotalBytes: 1_000 });
    sessions = createClientSessions({
      servers,
      watch: silentObserver(),
      now: () => Date.now(),
      maxSessions: 3,
      idleMillis: IDLE_MILLIS,
      events,
      graceMillis: 1_000,
      initializeOfNobody: () => initialize,
    });
  });

  afterEach(async () => {
    await sessions.stop();
    await servers.stop();
    vi.useRealTimers();
  });

  /** A session whose client has come back since `initialize`. */
  function openUsed(): ClientSession | null {
    return sessions.find(sessions.open(ALL, initialize)?.id ?? '', ALL);
  }

  it('are as many as may be, over all doors', () => {
    expect(openUsed()).not.toBeNull();
    expect(sessions.openOnStream('stream', ALL, initialize)).not.toBeNull();
    expect(openUsed()).not.toBeNull();
    expect(sessions.open(ALL, initialize)).toBeNull();
    expect(sessions.openOnStream('another', ALL, initialize)).toBeNull();
    expect(sessions.all()).toHaveLength(3);
  });

  it('end when nobody has used them for long, but one on a stream only with its stream', async () => {
    const silent = openUsed();
    const onStream = sessions.openOnStream('stream', ALL, initialize);
    const used = openUsed();
    await vi.advanceTimersByTimeAsync(IDLE_MILLIS - 1_000);
    sessions.find(used?.id ?? '', ALL);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sessions.all()).toEqual([onStream, used]);
    expect(sessions.find(silent?.id ?? '', ALL)).toBeNull();
    if (onStream !== null) await sessions.close(onStream);
    expect(sessions.all()).toEqual([used]);
  });

  it('make room for others when their clients have said nothing since initialize, the oldest first', () => {
    const used = openUsed();
    const starting = sessions.open(ALL, initialize);
    const call = starting?.begin('0');
    const silent = sessions.open(ALL, initialize);
    const next = sessions.open(ALL, initialize);
    expect(sessions.all()).toEqual([used, starting, next]);
    expect(sessions.find(silent?.id ?? '', ALL)).toBeNull();
    const onStream = sessions.openOnStream('stream', ALL, initialize);
    expect(sessions.all()).toEqual([used, starting, onStream]);
    expect(sessions.open(ALL, initialize)).toBeNull();
    if (call != null) starting?.finish(call);
    const last = sessions.open(ALL, initialize);
    expect(sessions.all()).toEqual([used, onStream, last]);
  });

  it('end sooner when their clients have said nothing since initialize', async () => {
    const used = openUsed();
    sessions.open(ALL, initialize);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sessions.all()).toEqual([used]);
  });

  it('stay while a call is under way, however long it takes', async () => {
    const busy = openUsed();
    const call = busy?.begin('1');
    await vi.advanceTimersByTimeAsync(IDLE_MILLIS * 3);
    expect(sessions.all()).toEqual([busy]);
    if (call != null) busy?.finish(call);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sessions.all()).toEqual([]);
  });

  it('are found by the header within their own scope only, and never when they live on a stream', () => {
    const session = sessions.open({ kind: 'virtual', id: 'team' as never }, initialize);
    const id = session?.id ?? '';
    expect(sessions.find(id, { kind: 'virtual', id: 'team' as never })).toBe(session);
    expect(sessions.find(id, { kind: 'virtual', id: 'other' as never })).toBeNull();
    expect(sessions.find(id, { kind: 'server', serverId: 'team' as never })).toBeNull();
    expect(sessions.find(id, ALL)).toBeNull();
    sessions.openOnStream('stream', ALL, initialize);
    expect(sessions.find('stream', ALL)).toBeNull();
  });

  it('that stand for nobody are one, which is in no list, never idle, and hears no news', async () => {
    const nobody = sessions.ofNobody();
    nobody.tell('news');
    await vi.advanceTimersByTimeAsync(IDLE_MILLIS * 3);
    expect(sessions.ofNobody()).toBe(nobody);
    expect(sessions.all()).toEqual([]);
    expect(sessions.find(nobody.id, ALL)).toBeNull();
    const sent: string[] = [];
    nobody.listen({ isOpen: true, send: (text) => sent.push(text) });
    expect(sent).toEqual([]);
    expect(nobody.begin('1')).not.toBeNull();
    expect(nobody.begin('1')).not.toBeNull();
  });

  it('keep nothing for a client once they have ended, however late news comes', async () => {
    const session = sessions.open(ALL, initialize);
    session?.listen(session.streams.news);
    session?.tell('kept');
    expect(events.bytes).toBeGreaterThan(0);
    if (session !== null) await sessions.close(session);
    session?.tell('late');
    expect(events.bytes).toBe(0);
  });

  it('of one client take no two calls of one id at once', () => {
    const session = sessions.open(ALL, asRequest('{"jsonrpc":"2.0","id":0,"method":"initialize"}'));
    const call = session?.begin('1');
    expect(session?.begin('1')).toBeNull();
    if (call != null) session?.finish(call);
    expect(session?.begin('1')).not.toBeNull();
  });
});
