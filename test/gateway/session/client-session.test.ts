import { describe, expect, it } from 'vitest';
import { parseFrame, type ResponseFrame } from '../../../src/gateway/frame/frame.ts';
import { ClientSession } from '../../../src/gateway/session/client-session.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { silentObserver } from '../../support/silent-observer.ts';

const QUESTION = asRequest('{"jsonrpc":"2.0","id":7,"method":"roots/list"}');

function answerTo(id: string): ResponseFrame {
  const parsed = parseFrame(JSON.stringify({ jsonrpc: '2.0', id, result: { roots: [] } }));
  if (!parsed.ok || parsed.value.kind !== 'result') throw new Error('This is no answer.');
  return parsed.value;
}

function openSession(kind: 'header' | 'nobody') {
  const posted: string[] = [];
  const server = {
    serverId: 'files' as ServerId,
    isClosed: false,
    post: (text: string) => {
      posted.push(text);
      return Promise.resolve();
    },
    notify: () => Promise.resolve(),
  };
  const session = new ClientSession({
    kind,
    scope: { kind: 'all' },
    initialize: asRequest('{"jsonrpc":"2.0","id":0,"method":"initialize"}'),
    now: 0,
    openStreams: () => {
      throw new Error('This session needs no streams.');
    },
    watch: silentObserver(),
  });
  return { session, server, posted };
}

describe('what a server asks before its client listens', () => {
  it('R56: reaches the client as soon as it does, and its answer the server', () => {
    const { session, server, posted } = openSession('header');
    session.ask(QUESTION, server, { stream: null, operation: null });
    const heard: string[] = [];
    session.listen({ isOpen: true, send: (text) => void heard.push(text) });
    expect(heard.map((text) => (JSON.parse(text) as { method: string }).method)).toEqual(['roots/list']);
    const { id } = JSON.parse(heard[0] ?? '') as { id: string };
    session.answer(answerTo(id));
    expect(posted).toEqual(['{"jsonrpc":"2.0","id":7,"result":{"roots":[]}}']);
    session.end();
  });

  it('is refused when its session ends, and at once where nobody can be asked', () => {
    const waiting = openSession('header');
    waiting.session.ask(QUESTION, waiting.server, { stream: null, operation: null });
    expect(waiting.posted).toEqual([]);
    waiting.session.end();
    const nobody = openSession('nobody');
    nobody.session.ask(QUESTION, nobody.server, { stream: null, operation: null });
    for (const { posted } of [waiting, nobody])
      expect(posted.map((text) => JSON.parse(text) as unknown)).toEqual([
        { jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'The client is not listening for requests.' } },
      ]);
  });
});
