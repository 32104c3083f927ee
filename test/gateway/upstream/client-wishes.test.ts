import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClientWishes, EVERYONE } from '../../../src/gateway/upstream/client-wishes.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';
import { requestText } from '../../../src/gateway/frame/compose.ts';
import type { ServerConfig, SessionMode } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';
import { wireMessages } from '../../support/wire-record.ts';

const GRANTING = new URL('../../fixtures/servers/granting-stdio.ts', import.meta.url).pathname;

const request = (method: string, params: object) => asRequest(requestText('1', method, params));

describe('what clients have set on a session', () => {
  it('is remembered until they take it back or leave', () => {
    const wishes = createClientWishes();
    wishes.granted('a', request('logging/setLevel', { level: 'debug' }));
    wishes.granted('a', request('logging/setLevel', { level: 'error' }));
    wishes.granted('a', request('resources/subscribe', { uri: 'x://1' }));
    wishes.granted('a', request('resources/subscribe', { uri: 'x://2' }));
    wishes.granted('a', request('resources/unsubscribe', { uri: 'x://1' }));
    wishes.granted('a', request('tools/call', { name: 'x', uri: 'x://3' }));
    expect(wishes.replay('a').map(({ method, params }) => [method, params])).toEqual([
      ['logging/setLevel', { level: 'error' }],
      ['resources/subscribe', { uri: 'x://2' }],
    ]);
    expect(wishes.hasSubscriptions).toBe(true);
    wishes.forget('a');
    expect([wishes.replay('a'), wishes.hasSubscriptions]).toEqual([[], false]);
  });

  it('is bounded: the oldest subscription goes first', () => {
    const wishes = createClientWishes();
    for (let number = 1; number <= 1_000; number += 1)
      wishes.granted('a', request('resources/subscribe', { uri: `x://${number}` }));
    const uris = wishes.replay('a').map(({ params }) => params?.['uri']);
    expect([uris.length, uris[0], uris.at(-1)]).toEqual([256, 'x://745', 'x://1000']);
  });

  it('is everybody’s where they share a session, and the newest level counts', () => {
    const wishes = createClientWishes();
    wishes.granted('a', request('logging/setLevel', { level: 'debug' }));
    wishes.granted('b', request('logging/setLevel', { level: 'error' }));
    wishes.granted('a', request('resources/subscribe', { uri: 'x://1' }));
    wishes.granted('b', request('resources/subscribe', { uri: 'x://1' }));
    wishes.granted('a', request('logging/setLevel', { level: 'info' }));
    expect(wishes.replay(EVERYONE).map(({ params }) => params)).toEqual([{ level: 'info' }, { uri: 'x://1' }]);
  });
});

describe.each(['dedicated', 'shared'] as const)('a session opened again, %s', (sessions: SessionMode) => {
  it('is as its client had left it, before the client’s next request, and for nobody else', async () => {
    const recordFile = join(temporaryFolder(), 'wire.jsonl');
    const config: ServerConfig = {
      type: 'stdio',
      command: process.execPath,
      args: [GRANTING, recordFile],
      env: {},
      cwd: null,
    };
    await using stage = upstreamStage(config, { sessions });
    await stage.server.connect();
    const client = stage.client();
    await client.ask('logging/setLevel', { params: { level: 'warning', _meta: { progressToken: 'old' } } });
    await client.ask('resources/subscribe', { params: { uri: 'test://kept' } });
    await client.ask('resources/subscribe', { params: { uri: 'test://left' } });
    await client.ask('resources/unsubscribe', { params: { uri: 'test://left' } });
    await expect(client.tool('die')).rejects.toThrow('exited with code 9');
    const before = wireMessages(recordFile).length;
    await client.tool('anything');
    const after = wireMessages(recordFile).slice(before);
    const methods = after.map(({ method, params }) => [method, params?.['level'] ?? params?.['uri'] ?? null]);
    expect(methods.slice(0, 5)).toEqual([
      ['initialize', null],
      ['notifications/initialized', null],
      ['logging/setLevel', 'warning'],
      ['resources/subscribe', 'test://kept'],
      ['tools/call', null],
    ]);
    expect(JSON.stringify(after)).not.toContain('"old"');
    const other = stage.client();
    const until = wireMessages(recordFile).length;
    await other.tool('anything');
    expect(JSON.stringify(wireMessages(recordFile).slice(until))).not.toContain('resources/subscribe');
  });
});
