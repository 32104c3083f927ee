import { describe, expect, it } from 'vitest';
import { traceSentence } from '../../../renderer/model/sentence.ts';
import { makeSummary } from '../../support/make-trace.ts';

describe('the sentence that says what happened', () => {
  it('names who called what and how long the server took', () => {
    expect(traceSentence(makeSummary())).toBe('Claude Code called “echo”. everything answered in 12.4 ms.');
  });

  it('says what has not happened yet', () => {
    expect(traceSentence(makeSummary({ took: null }))).toBe(
      'Claude Code called “echo”. everything has not answered yet.',
    );
  });

  it('says that a client is waited for, and for what', () => {
    const say = (...waitsFor: string[]) => traceSentence(makeSummary({ took: null, waitsFor }));
    expect(say('elicitation/create')).toBe(
      'Claude Code called “echo”. everything asked the user a question and waits for the answer.',
    );
    expect(say('roots/list', 'sampling/createMessage')).toBe(
      'Claude Code called “echo”. everything asked the client for its folders and asked the client’s model for words, ' +
        'and waits for the answers.',
    );
    expect(say('tasks/something')).toMatch(/everything asked the client for something and waits for the answer\.$/);
  });

  it('tells how much of the time the client was waited for', () => {
    const say = (waitedMs: number, rest = {}) => traceSentence(makeSummary({ took: 13_100, waitedMs, ...rest }));
    expect(say(12_400)).toMatch(/everything answered in 13\.1 s, of which 12\.4 s waiting for the client\.$/);
    expect(say(13_099)).toMatch(/everything answered in 13\.1 s, nearly all of it waiting for the client\.$/);
    expect(say(12_400, { status: 'error', errorMessage: 'no such room' })).toMatch(
      /It failed after 13\.1 s, of which 12\.4 s waiting for the client: no such room\.$/,
    );
    expect(say(12_400, { status: 'cancelled' })).toMatch(/gave up after 13\.1 s, of which 12\.4 s waiting/);
  });

  it('gives the reason of a failure, ending in one full stop', () => {
    const failed = makeSummary({ status: 'error', errorMessage: 'ENOENT: no such file' });
    expect(traceSentence(failed)).toBe('Claude Code called “echo”. It failed after 12.4 ms: ENOENT: no such file.');
    expect(traceSentence(makeSummary({ status: 'error', errorMessage: 'Not found!' }))).toMatch(/Not found!$/);
    expect(traceSentence(makeSummary({ status: 'error' }))).toMatch(/failed after 12.4 ms\.$/);
  });

  it('names the plugin that stopped a call, and a caller that gave up', () => {
    expect(traceSentence(makeSummary({ status: 'blocked', blockedBy: 'SecretScan' }))).toMatch(/SecretScan stopped it/);
    expect(traceSentence(makeSummary({ status: 'cancelled' }))).toMatch(/The caller gave up after 12.4 ms\.$/);
  });

  it('counts what was hidden', () => {
    expect(traceSentence(makeSummary({ redactionCount: 1 }))).toMatch(/ Secrets were hidden in 1 place\.$/);
    expect(traceSentence(makeSummary({ redactionCount: 4 }))).toMatch(/ Secrets were hidden in 4 places\.$/);
  });

  it('speaks of lists, sessions, notifications and the gateway’s own doings in their own words', () => {
    const say = (method: string, rest = {}) => traceSentence(makeSummary({ method, target: null, ...rest }));
    expect(say('tools/list')).toMatch(/^Claude Code listed the tools\./);
    expect(say('initialize', { client: null })).toMatch(/^A client opened a session\./);
    expect(say('initialize', { client: null, upkeep: 'connect' })).toMatch(
      /^The gateway connected to everything in 12\.4 ms\.$/,
    );
    expect(say('ping', { upkeep: 'health', status: 'error', errorMessage: 'no answer' })).toMatch(
      /failed after .*: no answer\.$/,
    );
    expect(say('ping', { upkeep: 'stream' })).toBe(
      'A stream of messages to Claude Code was opened or ended (POST /mcp).',
    );
    expect(say('notifications/initialized')).toMatch(/It was passed on in 12.4 ms\.$/);
    expect(say('tools/list', { servers: [] })).toMatch(/The gateway answered/);
    expect(say('tools/list', { servers: ['a', 'b', 'c'] })).toMatch(/a and 2 other servers answered/);
  });

  it('speaks of traces of others by who recorded them, and takes no agent for the gateway', () => {
    const other = { ...makeSummary({ method: null, client: null, took: 9_600 }), name: 'agent.run' };
    const say = (more: Partial<typeof other>) => traceSentence({ ...other, ...more });
    expect(say({ services: ['planner'] })).toBe('planner recorded “agent.run”. It took 9.6 s.');
    expect(say({ services: ['planner', 'search', 'db'], status: 'error', errorMessage: 'no' })).toBe(
      'planner and 2 other services recorded “agent.run”. It failed after 9.6 s: no.',
    );
    expect(say({ services: ['planner'], status: 'pending' })).toBe(
      'planner recorded “agent.run”. It has not ended yet.',
    );
    expect(say({ services: ['planner', 'throughline'], method: 'tools/call', target: 'echo' })).toMatch(
      /^A client called “echo”\./,
    );
  });

  it('says that a server told something outside of any call', () => {
    const news = { ...makeSummary({ upkeep: 'news', client: null }), name: 'notification.tools.list_changed' };
    expect(traceSentence(news)).toBe(
      'everything told something outside of any call (notification.tools.list_changed).',
    );
  });
});
