import type { VirtualServers } from '../gateway/routing/virtual-servers.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { ServerStatus } from '../gateway/upstream/upstream-server.ts';
import { createNews, type News } from './news.ts';

/** When pages should look again. */
export interface ServerNews {
  /** Rises when anything a page shows of the servers has changed. */
  readonly revision: number;
  /** The revision has risen. */
  readonly changes: Pick<News, 'next'>;
  /** A server may have printed a line. */
  readonly lines: Pick<News, 'next' | 'hasStopped'>;
  stop(): void;
}

/** Changes that come together are told together. */
const CHANGE_GATHER_MILLIS = 50;
/** A line a server prints changes only a count in the feed, and a talkative one prints thousands in a second. */
const LINE_GATHER_MILLIS = 500;

export function createServerNews(servers: ServerRegistry, virtualServers: VirtualServers): ServerNews {
  const changes = createNews();
  const lines = createNews();
  let revision = 1;
  let seen = snapshotOf(servers);
  let due: { readonly timer: NodeJS.Timeout; readonly at: number } | null = null;

  function announceWithin(millis: number): void {
    const at = performance.now() + millis;
    if (due !== null && due.at <= at) return;
    clearTimeout(due?.timer);
    const timer = setTimeout(() => {
      due = null;
      revision += 1;
      changes.announce();
    }, millis);
    // A page that waits keeps the process alive by its connection.
    due = { timer: timer.unref(), at };
  }

  const stopServers = servers.onChange(() => {
    const now = snapshotOf(servers);
    const isOnlyLines = isSame(seen, now);
    seen = now;
    announceWithin(isOnlyLines ? LINE_GATHER_MILLIS : CHANGE_GATHER_MILLIS);
    lines.announce();
  });
  const stopVirtual = virtualServers.onChange(() => {
    announceWithin(CHANGE_GATHER_MILLIS);
  });

  return {
    get revision() {
      return revision;
    },
    changes,
    lines,
    stop() {
      stopServers();
      stopVirtual();
      clearTimeout(due?.timer);
      changes.stop();
      lines.stop();
    },
  };
}

/** All that a page shows of the servers but for their lines; compared by identity. */
function snapshotOf(servers: ServerRegistry): readonly unknown[] {
  return servers.all().flatMap((server) => {
    const status: ServerStatus = server.status();
    const { state, failure, retryAt, pid, introduction, catalog } = status;
    return [server, state, failure, retryAt, pid, introduction, catalog.tools, catalog.prompts, catalog.resources];
  });
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((value, index) => value === now[index]);
}
