import { ORPCError } from '@orpc/client';
import type { Api } from '../../renderer/bridge/bridge.ts';
import type { ReceiverCounts, SettingsFeed } from '../../src/shared/contract/messages.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import type { TracingSettings } from '../../src/shared/domain/settings.ts';
import { createChanges } from './memory-changes.ts';

/** Settings without a gateway: whatever is put in. */
export interface MemorySettings {
  readonly api: Api['settings'];
  readonly settings: TracingSettings;
  set(settings: Partial<TracingSettings>): void;
  setFixed(fixed: SettingsFeed['fixed']): void;
  setReceiver(receiver: Partial<ReceiverCounts>): void;
  /** The next save fails with this sentence. */
  refuseNext(sentence: string): void;
}

const NOTHING_RECEIVED: ReceiverCounts = {
  acceptedSpans: 0,
  rejectedSpans: 0,
  requests: 0,
  refusedRequests: 0,
  services: [],
};

const HISTORY_FILE = '~/.config/throughline/traces.db';

export function createMemorySettings(mustManage: () => void, called: (name: string) => Promise<null>): MemorySettings {
  const changes = createChanges();
  let settings = DEFAULT_TRACING_SETTINGS;
  let fixed: SettingsFeed['fixed'] = {};
  let receiver = NOTHING_RECEIVED;
  let refusal: string | null = null;
  let revision = 1;
  const changed = (): void => {
    revision += 1;
    changes.announce();
  };
  return {
    get settings() {
      return settings;
    },
    set(next) {
      settings = { ...settings, ...next };
      changed();
    },
    setFixed(next) {
      fixed = next;
      changed();
    },
    setReceiver(next) {
      receiver = { ...receiver, ...next };
      changed();
    },
    refuseNext(sentence) {
      refusal = sentence;
    },
    api: {
      watch: async ({ cursor, waitMs }, options) => {
        await changes.until(() => cursor === null || cursor < revision, waitMs, options?.signal);
        const historyFile = settings.keepsHistory ? HISTORY_FILE : null;
        return { cursor: revision, settings, fixed, historyFile, receiver };
      },
      save: async (next) => {
        mustManage();
        if (refusal !== null) {
          const message = refusal;
          refusal = null;
          throw new ORPCError('BAD_REQUEST', { message });
        }
        settings = next;
        changed();
        return called('settings.save');
      },
    },
  };
}
