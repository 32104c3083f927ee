import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServerNews } from '../../src/runtime/server-news.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { createFakeRegistry } from '../support/fake-registry.ts';

const ID = 'notes' as ServerId;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const registry = createFakeRegistry();
  void registry.put(ID);
  const news = createServerNews(registry.servers, registry.virtualServers);
  return { registry, news };
}

describe('when pages look at the servers again', () => {
  it('is soon after a server has changed, and once for changes that come together', () => {
    const { registry, news } = setUp();
    registry.set(ID, { state: 'restarting' });
    registry.set(ID, { state: 'connected' });
    vi.advanceTimersByTime(50);
    expect(news.revision).toBe(2);
  });

  it('is soon after a virtual server has changed', () => {
    const { registry, news } = setUp();
    registry.virtualServers.set('work' as ServerId, { description: null, members: new Map() });
    vi.advanceTimersByTime(50);
    expect(news.revision).toBe(2);
    registry.virtualServers.remove('work' as ServerId);
    vi.advanceTimersByTime(50);
    expect(news.revision).toBe(3);
  });

  it('is twice a second at most while a server only prints', () => {
    const { registry, news } = setUp();
    for (let millis = 0; millis < 3_000; millis += 1) {
      registry.print(ID, 'another line');
      vi.advanceTimersByTime(1);
    }
    expect(news.revision).toBeGreaterThan(5);
    expect(news.revision).toBeLessThanOrEqual(7);
  });

  it('does not wait for a printing server when something else changes', () => {
    const { registry, news } = setUp();
    registry.print(ID, 'a line');
    registry.set(ID, { state: 'failed' });
    vi.advanceTimersByTime(50);
    expect(news.revision).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(news.revision).toBe(2);
  });

  it('wakes those who wait, and lets everybody go when it stops, with no timer left', async () => {
    const { registry, news } = setUp();
    const changed = news.changes.next(60_000);
    registry.set(ID, { pid: 7 });
    vi.advanceTimersByTime(50);
    await changed;

    const waiting = [news.changes.next(60_000), news.lines.next(60_000)];
    registry.print(ID, 'a line');
    news.stop();
    await Promise.all(waiting);
    expect(vi.getTimerCount()).toBe(0);
    registry.set(ID, { pid: 8 });
    expect(vi.getTimerCount()).toBe(0);
  });
});
