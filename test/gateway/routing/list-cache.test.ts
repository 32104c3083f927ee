import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFrame, type NotificationFrame } from '../../../src/gateway/frame/frame.ts';
import { createAnswerCache, type Held } from '../../../src/gateway/routing/list-cache.ts';
import type { Introduction } from '../../../src/gateway/upstream/handshake.ts';
import type { ServerRegistry } from '../../../src/gateway/upstream/server-registry.ts';
import type { UpstreamSettings } from '../../../src/gateway/upstream/settings.ts';
import type { ServerStatus, UpstreamServer } from '../../../src/gateway/upstream/upstream-server.ts';
import { createListeners } from '../../../src/shared/kernel/listeners.ts';

interface Traits {
  readonly sharesSession?: boolean;
  readonly protocolVersion?: string;
}

/** One server whose clock and news are the test's. */
function stage({ sharesSession = true, protocolVersion = '2026-07-28' }: Traits = {}) {
  let now = 1_000;
  const news = createListeners<{ server: UpstreamServer; frame: NotificationFrame }>();
  const connections = createListeners<UpstreamServer>();
  const server = {
    sharesSession,
    settings: { clock: { now: () => now, follow: () => undefined } } as UpstreamSettings,
    status: () => ({ introduction: { protocolVersion } as Introduction }) as ServerStatus,
  } as UpstreamServer;
  const registry = {
    onConnected: (listener) => connections.add(listener),
    onUnasked: (listener) =>
      news.add(({ server: from, frame }) => {
        listener(from, frame);
      }),
  } as Partial<ServerRegistry> as ServerRegistry;
  const cache = createAnswerCache<'tools', string>(registry);
  return {
    cache,
    server,
    pass(millis: number): void {
      now += millis;
    },
    tell(method: string): void {
      const parsed = parseFrame(JSON.stringify({ jsonrpc: '2.0', method }));
      if (parsed.ok && parsed.value.kind === 'notification') news.emit({ server, frame: parsed.value });
    },
    connected(): void {
      connections.emit(server);
    },
    read: (answer: Held<string>) => cache.read(server, 'tools', () => Promise.resolve(answer)),
  };
}

const held = (value: string, ttlMs: number, cacheScope: 'public' | 'private'): Held<string> => ({
  value,
  freshness: { ttlMs, cacheScope },
});
const open = (value: string, ttlMs = 100): Held<string> => held(value, ttlMs, 'public');

describe('what a server of the stateless era answered', () => {
  it('is given to others while it holds, with what is left of its time', async () => {
    const { read, pass } = stage();
    expect(await read(open('first'))).toEqual(open('first'));
    pass(99);
    expect(await read(open('second'))).toEqual(open('first', 1));
    pass(1);
    expect(await read(open('third'))).toEqual(open('third'));
  });

  it('is never given to others when it is private, or old at once', async () => {
    for (const answer of [held('first', 100, 'private'), open('first', 0)]) {
      const { read } = stage();
      await read(answer);
      expect(await read(open('second'))).toEqual(open('second'));
    }
  });

  it('is no longer given to others when the newer answer is private', async () => {
    const { read, pass } = stage();
    await read(open('first'));
    pass(100);
    await read(held('second', 100, 'private'));
    expect((await read(open('third'))).value).toBe('third');
  });

  it('is not trusted when time has run backwards', async () => {
    const { read, pass } = stage();
    await read(open('first'));
    pass(-1);
    expect((await read(open('second'))).value).toBe('second');
  });

  it.each(['notifications/tools/list_changed', 'notifications/resources/updated'])(
    'is forgotten at the news %s, also when it was being read meanwhile',
    async (method) => {
      const { cache, server, read, tell } = stage();
      await read(open('first'));
      tell('notifications/message');
      expect((await read(open('second'))).value).toBe('first');
      tell(method);
      const reading = Promise.withResolvers<Held<string>>();
      const slow = cache.read(server, 'tools', () => reading.promise);
      tell(method);
      reading.resolve(open('third'));
      expect((await slow).value).toBe('third');
      expect((await read(open('fourth'))).value).toBe('fourth');
    },
  );

  it('is forgotten when its server turns out to offer something else, and when the gateway stops', async () => {
    const { cache, read, connected, tell } = stage();
    await read(open('first'));
    connected();
    expect((await read(open('second'))).value).toBe('second');
    cache.stop();
    tell('notifications/tools/list_changed');
    expect((await read(open('third'))).value).toBe('third');
  });

  it('goes to whom it may and no longer than it may, whatever is answered and however time passes', async () => {
    const step = fc.record({
      millis: fc.nat(200),
      ttlMs: fc.nat(300),
      cacheScope: fc.constantFrom('public' as const, 'private' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { read, pass } = stage();
        const given = new Map<string, { readonly at: number; readonly freshness: Held<string>['freshness'] }>();
        let at = 0;
        for (const [index, { millis, ttlMs, cacheScope }] of steps.entries()) {
          pass(millis);
          at += millis;
          const value = String(index);
          given.set(value, { at, freshness: { ttlMs, cacheScope } });
          const answer = await read(held(value, ttlMs, cacheScope));
          const source = given.get(answer.value);
          if (answer.value === value || source === undefined) continue;
          expect(source.freshness.cacheScope).toBe('public');
          expect(answer.freshness).toEqual({ ttlMs: source.at + source.freshness.ttlMs - at, cacheScope: 'public' });
          expect(answer.freshness.ttlMs).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('what a server of the era of handshakes answered', () => {
  it('holds until it tells of a change, where all clients share its session', async () => {
    const { read, pass, tell } = stage({ protocolVersion: '2025-11-25' });
    await read(held('first', 0, 'private'));
    pass(1_000_000);
    expect(await read(open('second'))).toEqual(held('first', 0, 'private'));
    tell('notifications/prompts/list_changed');
    expect((await read(open('third'))).value).toBe('third');
  });

  it('is kept for nobody where each client has a session of its own', async () => {
    const { read } = stage({ sharesSession: false, protocolVersion: '2025-11-25' });
    await read(open('first'));
    expect((await read(open('second'))).value).toBe('second');
  });
});
