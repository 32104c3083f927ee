import type { Envelope } from '../era/envelope.ts';
import type { ClientSession, Scope } from './client-session.ts';
import type { ClientSessions } from './client-sessions.ts';

/**
 * Sessions for clients that have none: servers of the era of handshakes want one, and may keep state in it. Requests
 * that say the same of their client are one client's, as far as anybody can tell, and share one.
 */
export interface StatelessSessions {
  /** Null when the gateway is full of sessions in use. */
  sessionFor(scope: Scope, envelope: Envelope): ClientSession | null;
}

export function createStatelessSessions(
  sessions: Pick<ClientSessions, 'openStateless' | 'has' | 'touch'>,
): StatelessSessions {
  const known = new Map<string, ClientSession>();

  function forgetClosed(): void {
    for (const [key, session] of known) if (!sessions.has(session)) known.delete(key);
  }

  return {
    sessionFor(scope, envelope) {
      const key = JSON.stringify([scope, envelope.protocolVersion, envelope.clientInfo, envelope.capabilities]);
      const open = known.get(key);
      if (open !== undefined && sessions.has(open)) {
        sessions.touch(open);
        return open;
      }
      forgetClosed();
      const session = sessions.openStateless(scope, envelope);
      if (session !== null) known.set(key, session);
      return session;
    },
  };
}
