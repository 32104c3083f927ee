import { useMemo } from 'react';
import { useStore } from 'zustand';
import { endpointsOf } from '../model/endpoints.ts';
import type { Endpoint } from '../model/endpoints.ts';
import type { Session } from './session.ts';

/** Every endpoint a client can be pointed at; none before the host has said where it is. */
export function useEndpoints({ info, servers }: Session): readonly Endpoint[] {
  const app = useStore(info, (state) => state.app);
  const list = useStore(servers.store, (state) => state.servers);
  const virtual = useStore(servers.store, (state) => state.virtualServers);
  return useMemo(() => (app === null ? [] : endpointsOf(app, list, virtual)), [app, list, virtual]);
}
