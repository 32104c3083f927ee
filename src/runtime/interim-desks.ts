import { setTimeout } from 'node:timers/promises';
import { DEFAULT_TRACING_SETTINGS } from '../shared/domain/settings.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import type { RuntimeServices } from './services.ts';

/** What is set and cannot be changed while the desks are not there. Each owner takes its own out. */
export function createInterimDesks(): Pick<RuntimeServices, 'settings' | 'forwarding' | 'imports'> {
  const refused = () => Promise.reject(new UserError('This cannot be done yet.'));
  const pause = (waitMs: number, signal?: AbortSignal) =>
    setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  const receiver = { acceptedSpans: 0, rejectedSpans: 0, requests: 0, refusedRequests: 0, services: [] };
  return {
    settings: {
      current: () => DEFAULT_TRACING_SETTINGS,
      watch: async (cursor, waitMs, signal) => {
        if (cursor !== null) await pause(waitMs, signal);
        return { cursor: 1, settings: DEFAULT_TRACING_SETTINGS, fixed: {}, historyFile: null, receiver };
      },
      save: refused,
    },
    forwarding: {
      watch: async (cursor, waitMs, signal) => {
        if (cursor !== null) await pause(waitMs, signal);
        return { cursor: 1, endpoints: [] };
      },
      save: refused,
      remove: refused,
      preview: refused,
      try: refused,
    },
    imports: { file: refused },
  };
}
