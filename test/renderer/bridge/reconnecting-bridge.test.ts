import { describe, expect, it } from 'vitest';
import type { Api, Bridge, BridgeStatus } from '../../../renderer/bridge/bridge.ts';
import { RefusedError } from '../../../renderer/bridge/connection.ts';
import type { Connection } from '../../../renderer/bridge/connection.ts';
import { createReconnectingBridge } from '../../../renderer/bridge/reconnecting-bridge.ts';
import { createMemoryBridge } from '../../support/memory-bridge.ts';

function line(api: Api): Connection & { drop(): void } {
  const closed = Promise.withResolvers<undefined>();
  const drop = (): void => {
    closed.resolve(undefined);
  };
  return { api, closed: closed.promise, close: drop, drop };
}

function until(bridge: Bridge, phase: BridgeStatus['phase']): Promise<void> {
  if (bridge.status.getState().phase === phase) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = bridge.status.subscribe((status) => {
      if (status.phase !== phase) return;
      stop();
      resolve();
    });
  });
}

const versionFrom = (version: string): Api => {
  const twin = createMemoryBridge();
  twin.setInfo({ version });
  return twin.api;
};

describe('the reconnecting bridge', () => {
  it('calls through whichever connection is open now', async () => {
    const lines = [line(versionFrom('1.0.0')), line(versionFrom('2.0.0'))];
    const [first] = lines;
    const bridge = createReconnectingBridge(() => {
      const next = lines.shift();
      return next === undefined ? new Promise(() => undefined) : Promise.resolve(next);
    });
    await until(bridge, 'ready');
    expect((await bridge.api.app.info()).version).toBe('1.0.0');
    first?.drop();
    await until(bridge, 'lost');
    await expect(bridge.api.app.info()).rejects.toThrow('not connected');
    bridge.retryNow();
    await until(bridge, 'ready');
    expect((await bridge.api.app.info()).version).toBe('2.0.0');
    bridge.close();
  });

  it('says since when the host is away, however often it has tried', async () => {
    const bridge = createReconnectingBridge(() => Promise.reject(new Error('refused')));
    await until(bridge, 'lost');
    const first = bridge.status.getState();
    const again = new Promise<BridgeStatus>((resolve) => {
      const stop = bridge.status.subscribe((status) => {
        stop();
        resolve(status);
      });
    });
    bridge.retryNow();
    const second = await again;
    expect(first.phase === 'lost' && second.phase === 'lost' && second.since === first.since).toBe(true);
    bridge.close();
  });

  it('does not try again when the host will not have this page', async () => {
    let tries = 0;
    const bridge = createReconnectingBridge(() => {
      tries += 1;
      return Promise.reject(new RefusedError('no-code'));
    });
    await until(bridge, 'refused');
    expect(bridge.status.getState()).toEqual({ phase: 'refused', reason: 'no-code' });
    bridge.retryNow();
    expect(tries).toBe(1);
  });

  it('stops for good when closed', async () => {
    let tries = 0;
    const only = line(versionFrom('1.0.0'));
    const bridge = createReconnectingBridge(() => {
      tries += 1;
      return Promise.resolve(only);
    });
    await until(bridge, 'ready');
    bridge.close();
    bridge.close();
    await only.closed;
    expect(tries).toBe(1);
  });
});
