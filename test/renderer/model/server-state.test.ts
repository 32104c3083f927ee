import { describe, expect, it } from 'vitest';
import {
  canStop,
  protocolFact,
  sessionWords,
  spokenProtocols,
  startWord,
  stateWords,
} from '../../../renderer/model/server-state.ts';

describe('the state of a server in words', () => {
  it('counts down to the next start, and never below nothing', () => {
    const words = (retryAt: number | null) => stateWords({ state: 'restarting', retryAt }, 10_000);
    expect(words(14_000)).toBe('Restarting in 4 s');
    expect(words(10_001)).toBe('Restarting in 1 s');
    expect(words(10_000)).toBe('Restarting…');
    expect(words(null)).toBe('Restarting…');
  });

  it('tells one that sleeps from one that was stopped', () => {
    expect(stateWords({ state: 'idle', retryAt: null }, 0)).toBe('Asleep: wakes with the next call');
    expect(stateWords({ state: 'stopped', retryAt: null }, 0)).toBe('Stopped');
  });

  it('says what starting it is, where there is something to start', () => {
    expect((['stopped', 'idle', 'failed', 'restarting', 'connected', 'connecting'] as const).map(startWord)).toEqual([
      'Start',
      'Start',
      'Try again',
      'Start now',
      null,
      null,
    ]);
    expect(canStop('stopped')).toBe(false);
    expect(canStop('restarting')).toBe(true);
  });
});

describe('what is spoken with a server', () => {
  const modern = {
    state: 'connected',
    protocolVersion: '2026-07-28',
    transport: 'http',
    session: 'dedicated',
  } as const;
  const legacy = { ...modern, protocolVersion: '2025-06-18' } as const;

  it('is told while it is connected, for somebody who does not know what the date means', () => {
    expect(spokenProtocols(modern)).toEqual(['2026-07-28']);
    expect(protocolFact(modern)).toBe('2026-07-28 · modern (stateless)');
    expect(protocolFact(legacy)).toBe('2025-06-18 · legacy (handshake)');
    expect(protocolFact({ ...legacy, transport: 'sse' })).toBe('2025-06-18 · legacy (handshake) over SSE');
  });

  it.each(['connecting', 'restarting', 'idle', 'failed', 'stopped'] as const)(
    'is not claimed of one that is %s: what is known is said to be from before',
    (state) => {
      expect(spokenProtocols({ ...legacy, state })).toEqual([]);
      expect(protocolFact({ ...legacy, state })).toBe('2025-06-18 · legacy, when last connected');
    },
  );

  it('is not known of one that was never connected', () => {
    const unknown = { ...modern, state: 'failed', protocolVersion: null } as const;
    expect(spokenProtocols(unknown)).toEqual([]);
    expect(protocolFact(unknown)).toBeNull();
  });

  it('decides whether there are sessions at all, before what the server is set to', () => {
    expect(sessionWords(modern)).toBe('None: each request stands alone');
    expect(sessionWords(legacy)).toBe('One per client');
    expect(sessionWords({ session: 'shared', protocolVersion: null })).toBe('One for all clients');
  });
});
