import { isDeepStrictEqual } from 'node:util';
import type { ReceiverCounts, SettingsFeed } from '../../shared/contract/messages.ts';
import type { TracingSettings } from '../../shared/domain/settings.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { TraceStore } from '../../store/port.ts';
import { createCountedNews } from '../counted-news.ts';
import type { ServerShelf } from '../server-shelf.ts';
import type { SettingsDesk } from '../services.ts';
import { limitsOf } from './store-limits.ts';
import { createTurns } from '../turns.ts';

export interface SettingsDeskParts {
  /** In force already. */
  readonly initial: TracingSettings;
  readonly fixed: SettingsFeed['fixed'];
  /** Where traces are kept while history is on; null: nowhere, and then `fixed` says why it is off. */
  readonly historyFile: string | null;
  readonly store: Pick<TraceStore, 'retain' | 'moveTo'>;
  readonly shelf: Pick<ServerShelf, 'saveSettings'>;
}

export interface RunningSettingsDesk extends SettingsDesk {
  /** Where the counts of what came over OTLP are to be had; before that, nothing came. */
  receivesThrough(counts: () => ReceiverCounts): void;
  stop(): void;
}

const NOTHING_RECEIVED: ReceiverCounts = {
  acceptedSpans: 0,
  rejectedSpans: 0,
  requests: 0,
  refusedRequests: 0,
  services: [],
};

export function openSettingsDesk({
  initial,
  fixed,
  historyFile,
  store,
  shelf,
}: SettingsDeskParts): RunningSettingsDesk {
  const inTurn = createTurns();
  let settings = initial;
  let received: () => ReceiverCounts = () => NOTHING_RECEIVED;
  const news = createCountedNews(() => sumOf(received()));

  /** Keeps first: that can be taken back. */
  async function save(next: TracingSettings): Promise<void> {
    const before = settings;
    refuseFixed(before, next, fixed);
    await shelf.saveSettings(before, next);
    try {
      if (next.keepsHistory !== before.keepsHistory) await store.moveTo(next.keepsHistory ? historyFile : null);
    } catch (thrown) {
      await shelf.saveSettings(next, before);
      throw thrown;
    }
    // What goes with this does not come back, so nothing may fail behind it.
    if (!isDeepStrictEqual(next.retention, before.retention)) await store.retain(limitsOf(next.retention));
    settings = next;
    news.announce();
  }

  return {
    current: () => settings,
    async watch(cursor, waitMs, signal) {
      if (cursor !== null) await news.after(cursor, waitMs, signal);
      return {
        cursor: news.revision,
        settings,
        fixed,
        historyFile: settings.keepsHistory ? historyFile : null,
        receiver: received(),
      };
    },
    save: (next) => inTurn(() => save(next)),
    receivesThrough(counts) {
      received = counts;
    },
    stop: news.stop,
  };
}

function refuseFixed(before: TracingSettings, next: TracingSettings, fixed: SettingsFeed['fixed']): void {
  for (const [key, sentence] of Object.entries(fixed) as [keyof TracingSettings, string][])
    if (!isDeepStrictEqual(before[key], next[key])) throw new UserError(sentence);
}

function sumOf({ acceptedSpans, rejectedSpans, requests, refusedRequests }: ReceiverCounts): number {
  return acceptedSpans + rejectedSpans + requests + refusedRequests;
}
