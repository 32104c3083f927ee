import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SettingsFeed } from '../../../src/shared/contract/messages.ts';
import type { TracingSettings } from '../../../src/shared/domain/settings.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';

/** Lives as long as the window. */
export interface SettingsState {
  /** Null until the host has answered. */
  readonly feed: SettingsFeed | null;
  readonly failure: string | null;
}

export interface SettingsStore {
  readonly store: StoreApi<SettingsState>;
  /** Saves the settings in force with this one change. Rejects with what `describeFailure` understands. */
  change(changed: Partial<TracingSettings>): Promise<void>;
  start(): Stop;
}

export function createSettingsStore({ api, status }: Pick<Bridge, 'api' | 'status'>): SettingsStore {
  const store = createStore<SettingsState>(() => ({ feed: null, failure: null }));
  const put = (settings: TracingSettings): void => {
    store.setState(({ feed }) => (feed === null ? {} : { feed: { ...feed, settings } }));
  };
  return {
    store,
    async change(changed) {
      const { feed } = store.getState();
      // What is not known cannot be kept: saving would set it to something else.
      if (feed === null) throw new Error('The settings have not come yet.');
      const settings = { ...feed.settings, ...changed };
      // Shown at once: the host tells of it a moment later, and the next change is made of this one.
      put(settings);
      try {
        await api.settings.save(settings);
      } catch (thrown) {
        put(feed.settings);
        throw thrown;
      }
    },
    start: () =>
      startPullLoop({
        status,
        ask: (cursor, waitMs, signal) => api.settings.watch({ cursor, waitMs }, { signal }),
        take: (feed) => {
          store.setState({ feed, failure: null });
        },
        fail: (failure) => {
          store.setState({ failure });
        },
      }),
  };
}
