import { eraOf } from '../../src/shared/domain/era.ts';
import type { ServerState, ServerView } from '../../src/shared/domain/server.ts';
import { protocolWords, versionAndEra } from './era.ts';

const MILLIS_PER_SECOND = 1_000;

/** A server's state in the fewest words. `nowMillis` is this machine's clock. */
export function stateWords({ state, retryAt }: Pick<ServerView, 'state' | 'retryAt'>, nowMillis: number): string {
  if (state !== 'restarting') return WORDS[state];
  if (retryAt === null || retryAt <= nowMillis) return 'Restarting…';
  return `Restarting in ${String(Math.ceil((retryAt - nowMillis) / MILLIS_PER_SECOND))} s`;
}

const WORDS: Readonly<Record<Exclude<ServerState, 'restarting'>, string>> = {
  connecting: 'Connecting',
  connected: 'Connected',
  idle: 'Asleep: wakes with the next call',
  failed: 'Failed',
  stopped: 'Stopped',
};

/** What starting it is called from here; null while there is nothing to start. */
export function startWord(state: ServerState): 'Start' | 'Try again' | 'Start now' | null {
  switch (state) {
    case 'stopped':
    case 'idle':
      return 'Start';
    case 'failed':
      return 'Try again';
    case 'restarting':
      return 'Start now';
    case 'connecting':
    case 'connected':
      return null;
  }
}

/** Whether stopping it would change anything. */
export function canStop(state: ServerState): boolean {
  return state !== 'stopped';
}

/** The versions of MCP that are spoken with it; none while it is away. */
export function spokenProtocols({ state, protocolVersion }: ProtocolView): readonly string[] {
  return state === 'connected' && protocolVersion !== null ? [protocolVersion] : [];
}

/** The same for its details, where what is known of a server that is away is said to be from before. */
export function protocolFact({ state, protocolVersion, transport }: ProtocolView): string | null {
  if (protocolVersion === null) return null;
  if (state !== 'connected') return `${versionAndEra(protocolVersion)}, when last connected`;
  return `${protocolWords(protocolVersion)}${transport === 'sse' ? ' over SSE' : ''}`;
}

type ProtocolView = Pick<ServerView, 'state' | 'protocolVersion' | 'transport'>;

/** Who shares a session with the server. The modern era has none, whatever the server is set to. */
export function sessionWords({ session, protocolVersion }: Pick<ServerView, 'session' | 'protocolVersion'>): string {
  if (protocolVersion !== null && eraOf(protocolVersion) === 'modern') return 'None: each request stands alone';
  return session === 'dedicated' ? 'One per client' : 'One for all clients';
}
