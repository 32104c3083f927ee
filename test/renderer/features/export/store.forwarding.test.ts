import { describe, expect, it } from 'vitest';
import { createForwardingStore } from '../../../../renderer/features/export/store.forwarding.ts';
import { EMPTY_ENDPOINT, readEndpoint } from '../../../../renderer/model/endpoint-draft.ts';
import type { NamedEndpoint } from '../../../../renderer/model/endpoint-draft.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';
import { until } from '../../until.ts';

function endpoint(name: string): NamedEndpoint {
  const headers = [{ name: 'authorization', value: 'Bearer very-secret' }];
  const read = readEndpoint({ ...EMPTY_ENDPOINT, name, url: 'https://tempo.example.com', headers });
  if (!read.ok) throw new Error('The form should be complete.');
  return read.value;
}

describe('what the window knows of endpoints', () => {
  it('saves a new one, and opens it again without the values of its headers', async () => {
    const bridge = createMemoryBridge();
    const forwarding = createForwardingStore(bridge);
    const stop = forwarding.start();
    await forwarding.save(endpoint('Tempo'), null);
    await until(forwarding.store, ({ feed }) => feed?.endpoints.length === 1);
    forwarding.edit('Tempo');
    const { editing } = forwarding.store.getState();
    expect(editing?.formerName).toBe('Tempo');
    expect(editing?.draft.headers).toEqual([{ name: 'authorization', value: null }]);
    expect(JSON.stringify(forwarding.store.getState())).not.toContain('very-secret');
    stop();
  });

  it('switches off at once and keeps the saved values; to switch on it is shown first', async () => {
    const bridge = createMemoryBridge();
    const forwarding = createForwardingStore(bridge);
    const stop = forwarding.start();
    await forwarding.save(endpoint('Tempo'), null);
    await until(forwarding.store, ({ feed }) => feed?.endpoints.length === 1);
    await forwarding.switchOff('Tempo');
    await until(forwarding.store, ({ feed }) => feed?.endpoints[0]?.isEnabled === false);
    expect(bridge.forwarding.sentHeaders).toEqual({ authorization: null });
    const saves = bridge.calls.length;
    forwarding.offerToSwitchOn('Tempo');
    expect(forwarding.store.getState().editing).toMatchObject({ isSwitchedOn: true, draft: { isEnabled: true } });
    expect(bridge.calls.length).toBe(saves);
    stop();
  });

  it('opens no dialog for an endpoint of the environment', async () => {
    const bridge = createMemoryBridge();
    const forwarding = createForwardingStore(bridge);
    const stop = forwarding.start();
    await forwarding.save(endpoint('Tempo'), null);
    const [saved] = bridge.forwarding.endpoints;
    if (saved === undefined) throw new Error('It was not saved.');
    bridge.forwarding.setEndpoints([{ ...saved, source: 'environment' }]);
    await until(forwarding.store, ({ feed }) => feed?.endpoints[0]?.source === 'environment');
    forwarding.edit('Tempo');
    expect(forwarding.store.getState().editing).toBeNull();
    stop();
  });
});
