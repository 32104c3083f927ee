import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ForwardingFeed } from '../../../src/shared/contract/messages.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Api, Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { draftOfEndpoint, EMPTY_ENDPOINT, readEndpoint } from '../../model/endpoint-draft.ts';
import type { EndpointDraft, NamedEndpoint } from '../../model/endpoint-draft.ts';

export type ExportSection = 'forwarding' | 'file';

/** An endpoint in the dialog. */
export interface EndpointEdit {
  readonly draft: EndpointDraft;
  /** The name under which it is saved; null for a new one. */
  readonly formerName: string | null;
  /** It is only to be switched on: what leaves is shown at once. */
  readonly isSwitchedOn: boolean;
}

/** Lives as long as the window. */
export interface ForwardingState {
  /** Null until the host has answered. */
  readonly feed: ForwardingFeed | null;
  readonly failure: string | null;
  readonly section: ExportSection;
  readonly editing: EndpointEdit | null;
}

export interface ForwardingStore {
  readonly store: StoreApi<ForwardingState>;
  readonly api: Api;
  /** Opens the dialog: for a new endpoint, or one that is saved. */
  edit(name: string | null): void;
  /** Shows what would leave for an endpoint, which is switched on once that is agreed to. */
  offerToSwitchOn(name: string): void;
  /** The rest rejects with what `describeFailure` understands. */
  switchOff(name: string): Promise<void>;
  save(named: NamedEndpoint, formerName: string | null): Promise<void>;
  remove(name: string): Promise<void>;
  start(): Stop;
}

export function createForwardingStore({ api, status }: Pick<Bridge, 'api' | 'status'>): ForwardingStore {
  const store = createStore<ForwardingState>(() => ({
    feed: null,
    failure: null,
    section: 'forwarding',
    editing: null,
  }));
  const draftOf = (name: string): EndpointDraft | null => {
    const saved = store.getState().feed?.endpoints.find((each) => each.name === name && each.source === 'saved');
    return saved === undefined ? null : draftOfEndpoint(saved);
  };
  return {
    store,
    api,
    edit(name) {
      const draft = name === null ? EMPTY_ENDPOINT : draftOf(name);
      if (draft !== null) store.setState({ editing: { draft, formerName: name, isSwitchedOn: false } });
    },
    offerToSwitchOn(name) {
      const draft = draftOf(name);
      if (draft === null) return;
      store.setState({ editing: { draft: { ...draft, isEnabled: true }, formerName: name, isSwitchedOn: true } });
    },
    async switchOff(name) {
      const draft = draftOf(name);
      if (draft === null) return;
      const read = readEndpoint({ ...draft, isEnabled: false });
      if (!read.ok) throw new Error(`The saved endpoint ${name} does not fit the form.`);
      await api.forwarding.save({ ...read.value, formerName: name });
    },
    async save({ name, endpoint }, formerName) {
      await api.forwarding.save({ name, formerName, endpoint });
    },
    async remove(name) {
      await api.forwarding.remove({ name });
    },
    start: () =>
      startPullLoop({
        status,
        ask: (cursor, waitMs, signal) => api.forwarding.watch({ cursor, waitMs }, { signal }),
        take: (feed) => {
          store.setState({ feed, failure: null });
        },
        fail: (failure) => {
          store.setState({ failure });
        },
      }),
  };
}
