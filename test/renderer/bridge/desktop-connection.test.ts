import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { describe, expect, it } from 'vitest';
import { desktopConnection } from '../../../renderer/bridge/desktop-connection.ts';
import type { PortMessage, PortReceiver } from '../../../renderer/bridge/desktop-connection.ts';
import { contract } from '../../../src/shared/contract/contract.ts';

/** A window to which messages are posted. */
function makeWindow() {
  const listeners = new Set<(message: PortMessage) => void>();
  const receiver: PortReceiver = {
    addEventListener(_type, listener, { signal }) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
    },
  };
  const post = (message: Partial<PortMessage>): void => {
    const whole = {
      source: receiver as MessageEventSource & PortReceiver,
      data: 'throughline:port',
      ports: [],
      ...message,
    };
    for (const listener of [...listeners]) listener(whole);
  };
  return { receiver, post, listeners };
}

describe('the way in from the desktop app', () => {
  it('S3: takes the port that our own preload posts, and no other', async () => {
    const { receiver, post, listeners } = makeWindow();
    const foreign = new MessageChannel();
    const ours = new MessageChannel();
    const implementer = implement(contract);
    const handler = new RPCHandler({ traces: { clear: implementer.traces.clear.handler(() => null) } });
    handler.upgrade(ours.port1);
    ours.port1.start();
    const door = {
      connect: () => {
        post({ source: null, ports: [foreign.port2] });
        post({ data: 'something else', ports: [foreign.port2] });
        post({ ports: [] });
        post({ ports: [ours.port2] });
      },
    };
    const connection = await desktopConnection(door, receiver)(new AbortController().signal);
    expect(listeners.size).toBe(0);
    expect(await connection.api.traces.clear()).toBeNull();
    ours.port1.close();
    await connection.closed;
    connection.close();
    foreign.port1.close();
  });

  it('gives up when told to stop', async () => {
    const { receiver } = makeWindow();
    const stopping = new AbortController();
    const waiting = desktopConnection({ connect: () => undefined }, receiver)(stopping.signal);
    stopping.abort();
    await expect(waiting).rejects.toThrow('Stopped.');
  });
});
