import { setTimeout } from 'node:timers/promises';
import { UserError } from '../shared/kernel/user-error.ts';
import type { RuntimeServices } from './services.ts';

/** What is set and cannot be changed while the desks are not there. Each owner takes its own out. */
export function createInterimDesks(): Pick<RuntimeServices, 'forwarding' | 'imports'> {
  const refused = () => Promise.reject(new UserError('This cannot be done yet.'));
  const pause = (waitMs: number, signal?: AbortSignal) =>
    setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  return {
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
