import { beforeEach, describe, expect, it } from 'vitest';
import type { Envelope } from '../../../src/gateway/era/envelope.ts';
import { ClientSession, type Scope } from '../../../src/gateway/session/client-session.ts';
import { createStatelessSessions, type StatelessSessions } from '../../../src/gateway/session/stateless-sessions.ts';
import { handshakeFor } from '../../../src/gateway/upstream/handshake.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { silentObserver } from '../../support/silent-observer.ts';

const at = (id: string): Scope => ({ kind: 'server', serverId: id as ServerId });

/** Read anew for each request, so never the same object. */
function saying(what: Partial<Envelope> = {}): Envelope {
  const envelope = { protocolVersion: '2026-07-28', capabilities: {}, clientInfo: { name: 'a' }, logLevel: null };
  return structuredClone({ ...envelope, ...what });
}

describe('sessions for clients that have none', () => {
  let open: Set<ClientSession>;
  let isFull: boolean;
  let touched: ClientSession[];
  let sessions: StatelessSessions;

  beforeEach(() => {
    open = new Set();
    isFull = false;
    touched = [];
    sessions = createStatelessSessions({
      openStateless(scope, envelope) {
        if (isFull) return null;
        const session = new ClientSession({
          kind: 'stateless',
          scope,
          initialize: handshakeFor(envelope),
          now: 0,
          openStreams: () => {
            throw new Error('Nobody comes back to a stream of the stateless era.');
          },
          watch: silentObserver(),
        });
        open.add(session);
        return session;
      },
      has: (session) => open.has(session),
      touch: (session) => touched.push(session),
    });
  });

  const OTHERS: readonly (readonly [string, Scope, Envelope])[] = [
    ['at another server', at('y'), saying()],
    ['at a virtual server of that name', { kind: 'virtual', id: 'x' as ServerId }, saying()],
    ['at all servers', { kind: 'all' }, saying()],
    ['in another revision', at('x'), saying({ protocolVersion: '2027-01-01' })],
    ['with another name', at('x'), saying({ clientInfo: { name: 'b' } })],
    ['with more to say of itself', at('x'), saying({ clientInfo: { name: 'a', version: '1' } })],
    ['with no name', at('x'), saying({ clientInfo: null })],
    ['with another capability', at('x'), saying({ capabilities: { roots: {} } })],
    ['with more of a capability', at('x'), saying({ capabilities: { elicitation: { url: {} } } })],
    ['with less of a capability', at('x'), saying({ capabilities: { elicitation: {} } })],
  ];

  it('S19: are shared by requests that say the same of their client, and by no others, in whichever order they come', () => {
    const all = [['as it was', at('x'), saying()] as const, ...OTHERS];
    const first = all.map(([, scope, envelope]) => sessions.sessionFor(scope, envelope));
    expect(new Set(first).size).toBe(all.length);
    expect(first).not.toContain(null);
    for (const [index, [, scope, envelope]] of [...all.entries(), ...[...all.entries()].reverse()]) {
      for (let times = 0; times < 2; times += 1)
        expect(sessions.sessionFor(scope, structuredClone(envelope))).toBe(first[index]);
    }
  });

  it('do not tell requests apart by the log messages they want', () => {
    expect(sessions.sessionFor(at('x'), saying({ logLevel: 'info' }))).toBe(sessions.sessionFor(at('x'), saying()));
  });

  it('are known to be in use', () => {
    const session = sessions.sessionFor(at('x'), saying());
    expect(touched).toEqual([]);
    sessions.sessionFor(at('x'), saying());
    expect(touched).toEqual([session]);
  });

  it.each([true, false])('are opened again once they were closed (nobody else asked meanwhile: %s)', (isAlone) => {
    const closed = sessions.sessionFor(at('x'), saying());
    if (!isAlone) sessions.sessionFor(at('y'), saying());
    open.clear();
    const next = sessions.sessionFor(at('x'), saying());
    expect(next).not.toBe(closed);
    expect(open).toContain(next);
  });

  it('are refused while the gateway is full, and opened when it is not any more', () => {
    isFull = true;
    expect(sessions.sessionFor(at('x'), saying())).toBeNull();
    isFull = false;
    expect(open).toContain(sessions.sessionFor(at('x'), saying()));
  });
});
