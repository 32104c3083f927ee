import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { createContractBinder } from '../../../src/desktop/ipc/bind-contract.ts';
import { createContractRouter } from '../../../src/runtime/operations/create-contract-router.ts';
import type { Contract } from '../../../src/shared/contract/contract.ts';
import { createPortPair } from '../../support/electron/message-port.ts';
import { createFakeServices } from '../../support/fake-services.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function setup() {
  const services = createFakeServices();
  const reports: string[] = [];
  const report = (doing: string): void => {
    reports.push(doing);
  };
  const pair = createPortPair();
  const stop = createContractBinder(createContractRouter(services, report), report)(pair.main);
  pair.main.start();
  ends.push(() => {
    stop();
    pair.page.close();
  });
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: pair.page }));
  return { services, reports, pair, stop, client };
}

async function portCloses(page: ReturnType<typeof createPortPair>['page']): Promise<void> {
  await new Promise((resolve) => {
    page.once('close', resolve);
  });
}

describe('the contract over a port', () => {
  it('answers the page', async () => {
    const { client } = setup();
    expect(await client.app.info()).toMatchObject({ canManage: true });
  });

  it('S5: the window of the app may manage', async () => {
    const { client, services } = setup();
    await client.traces.clear();
    expect(services.calls).toContain('store.clear');
  });

  it('S11: what comes in is checked against its schema at the door', async () => {
    const { client, services } = setup();
    const asked = services.calls.length;
    await expect(client.servers.restart({ id: '../escape' as never })).rejects.toThrow('A server name is');
    expect(services.calls).toHaveLength(asked);
  });

  it.each([
    ['text that is no frame', 'hello'],
    ['an object', { i: '1', p: { u: '/app/info' } }],
    ['a frame for another host', '{"i":"1","p":{"u":"https://elsewhere.example/"}}'],
    ['bytes', new Uint8Array([1, 2, 3])],
    ['nothing', null],
    ['a frame of more than a million characters', `{"i":"1","p":{"u":"/app/info","b":"${'x'.repeat(1_000_000)}"}}`],
  ])('S11: a page that sends %s loses its port and harms nothing', async (_what, message) => {
    const { pair, reports } = setup();
    pair.page.postMessage(message);
    await portCloses(pair.page);
    expect(pair.isClosedByMain()).toBe(true);
    expect(reports).toEqual(['Reading a message of the page']);
  });

  it('ends what was asked through the port when the page goes', async () => {
    const { client, services, stop } = setup();
    const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
    const { promise: waiting, resolve: arrived } = Promise.withResolvers<undefined>();
    services.servers.watch = (_cursor, _wait, signal) => {
      arrived(undefined);
      return new Promise((_answer, reject) => {
        signal?.addEventListener('abort', () => {
          resolve(undefined);
          reject(new Error('gone'));
        });
      });
    };
    const answer = client.servers.watch({ cursor: null, waitMs: 25_000 }).catch(() => null);
    await waiting;
    stop();
    await aborted;
    expect(await answer).toBeNull();
  });
});
