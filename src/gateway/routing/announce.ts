import type { Stop } from '../../shared/kernel/listeners.ts';
import { notificationText } from '../frame/compose.ts';
import type { NotificationFrame } from '../frame/frame.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { VirtualServers } from './virtual-servers.ts';

const PUBLIC_NEWS = /^notifications\/(?:.+\/list_changed|resources\/updated)$/;

export interface AnnounceOptions {
  readonly sessions: ClientSessions;
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
}

/** Tells clients of news that no client's own session with a server carries. */
export function announceNews({ sessions, servers }: AnnounceOptions): Stop {
  /** Whoever sees several servers must read the lists again when one has come. */
  const announce = (): void => {
    for (const session of sessions.all().filter(({ scope }) => scope.kind !== 'server')) {
      for (const list of ['tools', 'prompts', 'resources'])
        session.tell(notificationText(`notifications/${list}/list_changed`));
    }
  };
  /** On a shared session news about lists and resources is for all of its clients; the rest might be another's. */
  const broadcast = (server: UpstreamServer, frame: NotificationFrame): void => {
    if (server.settings.sessions !== 'shared' || !PUBLIC_NEWS.test(frame.method)) return;
    const concerned = sessions.all().filter(({ scope }) => scope.kind !== 'server' || scope.serverId === server.id);
    for (const session of concerned) session.tell(frame.text);
  };
  const stops: Stop[] = [servers.onConnected(announce), servers.onUnasked(broadcast)];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}
