import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject, RequestFrame, ResponseFrame } from '../frame/frame.ts';
import { LIST_METHODS, readList, type ListKind } from './catalog.ts';
import type { Introduction } from './handshake.ts';

export interface Catalog {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}

type Send = (request: RequestFrame) => Promise<ResponseFrame>;

export interface CatalogKeeperOptions {
  /** Reads the lists again in a trace of its own (by `read`). Rejects when that failed. */
  readonly readAgain: () => Promise<void>;
  readonly isConnected: () => boolean;
  /** The lists are not what they were, or were never read before. */
  readonly onNews: () => void;
  readonly onRefreshed: () => void;
}

/** What a server last said of itself and what it offers; it stays known while the server is away. */
export interface CatalogKeeper {
  /** Null until the server was connected for the first time. */
  readonly introduction: Introduction | null;
  readonly catalog: Catalog;
  /** Reads every list that the server declared. Rejects with an UpstreamFailure. */
  read(introduction: Introduction, send: Send): Promise<void>;
  /** The server said that something changed. */
  refresh(): void;
}

const EMPTY_CATALOG: Catalog = { tools: [], prompts: [], resources: [], resourceTemplates: [] };
const REFRESH_PAUSE_MILLIS = 250;

export function createCatalogKeeper(options: CatalogKeeperOptions): CatalogKeeper {
  let introduction: Introduction | null = null;
  let catalog = EMPTY_CATALOG;
  let isRefreshing = false;
  let isStale = false;

  /** One refresh at a time, and a pause before the next: a server may announce changes in bursts. */
  function refresh(): void {
    isStale = true;
    if (isRefreshing || !options.isConnected()) return;
    isRefreshing = true;
    isStale = false;
    void options
      .readAgain()
      // What was known stays; a session that ended over it is seen to by the server's life.
      .catch(() => undefined)
      .then(() => {
        options.onRefreshed();
        return pause(REFRESH_PAUSE_MILLIS, undefined, { ref: false });
      })
      .finally(() => {
        isRefreshing = false;
        if (isStale) refresh();
      });
  }

  return {
    get introduction() {
      return introduction;
    },
    get catalog() {
      return catalog;
    },
    async read(found, send) {
      const offered = async (kind: ListKind): Promise<readonly JsonObject[]> =>
        LIST_METHODS[kind].capability in found.capabilities ? (await readList(kind, send)).items : [];
      const lists = {
        tools: await offered('tool'),
        prompts: await offered('prompt'),
        resources: await offered('resource'),
        resourceTemplates: await offered('resource_template'),
      };
      const isNews = introduction === null || JSON.stringify(lists) !== JSON.stringify(catalog);
      introduction = found;
      catalog = lists;
      if (isNews) options.onNews();
    },
    refresh,
  };
}
