import type { Envelope } from '../era/envelope.ts';
import { isSameJson } from '../frame/same-json.ts';
import { isSameScope, type ClientSession, type Scope } from './client-session.ts';
import type { ClientSessions } from './client-sessions.ts';

/**
 * Sessions for clients that have none: servers of the era of handshakes want one, and may keep state in it. Requests
 * that say the same of their client are one client's, as far as anybody can tell, and share one.
 */
export interface StatelessSessions {
  /** Null when the gateway is full of sessions in use. */
  sessionFor(scope: Scope, envelope: Envelope): ClientSession | null;
}

interface Known {
  readonly scope: Scope;
  readonly envelope: Envelope;
  readonly session: ClientSession;
}

export function createStatelessSessions(
  sessions: Pick<ClientSessions, 'openStateless' | 'has' | 'touch'>,
): StatelessSessions {
  const known = new Map<string, Known>();
  // Who asked last mostly asks again, and to compare costs less than to make a key.
  let latest: Known | undefined;

  function forgetClosed(): void {
    for (const [key, { session }] of known) if (!sessions.has(session)) known.delete(key);
  }

  function open(key: string, scope: Scope, envelope: Envelope): Known | undefined {
    forgetClosed();
    const session = sessions.openStateless(scope, envelope);
    if (session === null) return undefined;
    const opened = { scope, envelope, session };
    known.set(key, opened);
    return opened;
  }

  return {
    sessionFor(scope, envelope) {
      if (latest === undefined || !isOf(latest, scope, envelope)) latest = known.get(keyOf(scope, envelope));
      if (latest !== undefined && sessions.has(latest.session)) sessions.touch(latest.session);
      else latest = open(keyOf(scope, envelope), scope, envelope);
      return latest?.session ?? null;
    },
  };
}

/** Whether it was opened for who says this; the same as to have one key. */
function isOf(known: Known, scope: Scope, { protocolVersion, clientInfo, capabilities }: Envelope): boolean {
  return (
    isSameScope(known.scope, scope) &&
    known.envelope.protocolVersion === protocolVersion &&
    isSameJson(known.envelope.clientInfo, clientInfo) &&
    isSameJson(known.envelope.capabilities, capabilities)
  );
}

function keyOf(scope: Scope, { protocolVersion, clientInfo, capabilities }: Envelope): string {
  return JSON.stringify([scope, protocolVersion, clientInfo, capabilities]);
}
