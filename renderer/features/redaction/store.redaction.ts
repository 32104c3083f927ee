import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RedactionFeed } from '../../../src/shared/contract/messages.ts';
import type { RedactionPolicy } from '../../../src/shared/domain/redaction.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Api, Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { sentPolicy } from '../../model/rule-draft.ts';
import type { RuleDraft } from '../../model/rule-draft.ts';

/** The host forgets kept secrets by itself once none was asked for in so long. */
export const REVEAL_IDLE_MINUTES = 15;

export type RedactionSection = 'rules' | 'playground' | 'trail' | 'stored';

/** A rule in the form. */
export interface RuleEdit {
  readonly draft: RuleDraft;
  /** The id of the rule that is changed; null for a new one. */
  readonly replacing: string | null;
  /** Why a rule is suggested, in one sentence; null when nobody suggested it. */
  readonly because: string | null;
}

/** Lives as long as the window. */
export interface RedactionState {
  /** Null until the host has answered. */
  readonly feed: RedactionFeed | null;
  readonly failure: string | null;
  readonly section: RedactionSection;
  readonly trailHash: string;
  /** The rule that was asked for from elsewhere; another object each time. */
  readonly target: { readonly path: string } | null;
  readonly editing: RuleEdit | null;
  /** Whether to keep secrets is being asked. */
  readonly revealAsked: boolean;
  /** What is being tried; kept nowhere else. */
  readonly sample: string;
}

export interface RedactionStore {
  readonly store: StoreApi<RedactionState>;
  readonly api: Api;
  /** Saves the rules as `edit` makes them of those in force. Rejects with what `describeFailure` understands. */
  change(edit: (policy: RedactionPolicy) => RedactionPolicy): Promise<void>;
  start(): Stop;
}

export function createRedactionStore({ api, status }: Pick<Bridge, 'api' | 'status'>): RedactionStore {
  const store = createStore<RedactionState>(() => ({
    feed: null,
    failure: null,
    section: 'rules',
    trailHash: '',
    target: null,
    editing: null,
    revealAsked: false,
    sample: '',
  }));
  return {
    store,
    api,
    async change(edit) {
      const { feed } = store.getState();
      // Rules that are not known cannot be kept: saving would take them away.
      if (feed === null) throw new Error('The rules have not come yet.');
      await api.redaction.save(sentPolicy(edit(feed.policy)));
    },
    start: () =>
      startPullLoop({
        status,
        ask: (cursor, waitMs, signal) => api.redaction.watch({ cursor, waitMs }, { signal }),
        take: (feed) => {
          store.setState((state) => ({ feed: withKnownPolicy(state.feed, feed), failure: null }));
        },
        fail: (failure) => {
          store.setState({ failure });
        },
      }),
  };
}

/** Counts change all the time, rules hardly ever: who asks again when they change must be able to tell. */
function withKnownPolicy(before: RedactionFeed | null, feed: RedactionFeed): RedactionFeed {
  const isSame = before !== null && JSON.stringify(before.policy) === JSON.stringify(feed.policy);
  return isSame ? { ...feed, policy: before.policy } : feed;
}

/** Something that changes whenever what would be hidden in stored spans may have changed. */
export function selectGeneration({ feed }: RedactionState): string {
  return JSON.stringify([feed?.policy ?? null, feed?.rescrub.isRunning ?? false, feed?.rescrub.newlyHidden ?? null]);
}

/** The ids that a new rule cannot have. */
export function takenIds(feed: RedactionFeed | null): readonly string[] {
  return feed?.rules.map((rule) => rule.id) ?? [];
}
