import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { NotificationFrame } from '../../../src/gateway/frame/frame.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { startModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { EVENT_STREAM, eventOf, startScriptedHttp, type Script } from '../../fixtures/servers/scripted-http.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { modernConformanceStdio } from '../../support/conformance-fixture.ts';
import { eventually } from '../../support/eventually.ts';
import { upstreamStage, type UpstreamStage } from '../../support/upstream-stage.ts';

const WATCHED = 'test://watched-resource';
const TAG = 'io.modelcontextprotocol/subscriptionId';

interface Place extends AsyncDisposable {
  readonly config: ServerConfig;
}

async function overHttp(): Promise<Place> {
  const fixture = await startModernHttpFixture({ modernOnly: true });
  return { config: { type: 'http', url: fixture.url, headers: {} }, [Symbol.asyncDispose]: () => fixture.close() };
}

function overStdio(): Promise<Place> {
  const { command, args, env } = modernConformanceStdio(join(temporaryFolder(), 'requests.txt'), { modernOnly: true });
  const config: ServerConfig = { type: 'stdio', command, args, env, cwd: null };
  return Promise.resolve({ config, [Symbol.asyncDispose]: () => Promise.resolve() });
}

function newsOf({ server }: UpstreamStage): readonly NotificationFrame[] {
  const news: NotificationFrame[] = [];
  server.onUnasked((frame) => news.push(frame));
  return news;
}

const heard = (news: readonly NotificationFrame[], method: string): (() => boolean) => {
  const before = news.length;
  return () => news.slice(before).some((frame) => frame.method === method);
};

describe.each([
  ['stdio', overStdio],
  ['HTTP', overHttp],
])('the news of a server without sessions, over %s', (_transport, open) => {
  it('of its lists come as a server with sessions would send them, and its lists are read again', async () => {
    await using place = await open();
    await using stage = upstreamStage(place.config);
    await stage.server.connect();
    const news = newsOf(stage);
    const isTold = heard(news, 'notifications/tools/list_changed');
    await stage.client().tool('test_trigger_tool_change');
    await eventually('the news came', isTold);
    for (const { text } of news) expect(text).not.toContain(TAG);
    const names = (): unknown[] => stage.server.status().catalog.tools.map(({ name }) => name);
    await eventually('the list was read again', () => names().includes('test_changing_tool'));
  });

  it('of resources come for those that a client subscribed to, all the time that it is there', async () => {
    await using place = await open();
    await using stage = upstreamStage(place.config);
    await stage.server.connect();
    const news = newsOf(stage);
    const client = stage.client();
    // All at once: none may leave out what another asks for.
    const uris = [WATCHED, 'test://static-text', 'test://static-binary'];
    const answers = await Promise.all(uris.map((uri) => client.ask('resources/subscribe', { params: { uri } })));
    for (const answer of answers) expect(answer).toMatchObject({ result: {} });
    const isTold = heard(news, 'notifications/resources/updated');
    await client.tool('test_trigger_resource_update');
    await eventually('the news came', isTold);
    // The subscription is the client's and not the connection's: it is there again with the next one.
    await stage.server.stop();
    await stage.server.connect();
    const isToldAgain = heard(news, 'notifications/resources/updated');
    await client.tool('test_trigger_resource_update');
    await eventually('the news came again', isToldAgain);
  });

  it('keep nothing busy: it sleeps when nobody uses it', async () => {
    await using place = await open();
    await using stage = upstreamStage(place.config, { idleStopMillis: 200 });
    await stage.server.connect();
    await stage.reached('idle');
  });
});

/** Knows the stateless era, tells of its tools, and ends each stream of news as soon as it has agreed to it. */
const endingItsNews: Script = ({ message }, response: ServerResponse) => {
  const id = message['id'];
  if (message['method'] === 'server/discover') {
    const capabilities = { tools: { listChanged: true } };
    const result = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    return true;
  }
  if (message['method'] !== 'subscriptions/listen') return false;
  const params = { _meta: { [TAG]: id }, notifications: { toolsListChanged: true } };
  const acknowledged = { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params };
  response.writeHead(200, EVENT_STREAM);
  response.end(
    eventOf(JSON.stringify(acknowledged)) +
      eventOf(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete' } })),
  );
  return true;
};

describe('a stream of news that ends', () => {
  it('is opened again, and the lists are read again, since there may have been news that nobody heard', async () => {
    await using http = await startScriptedHttp(endingItsNews);
    await using stage = upstreamStage({ type: 'http', url: http.url, headers: {} });
    await stage.server.connect();
    await eventually('it was listened to again', () => http.requestsOf('subscriptions/listen').length > 1);
    await eventually('its tools were read again', () => http.requestsOf('tools/list').length > 1);
    expect(stage.upkeeps.map(({ reason }) => reason)).toContain('refresh');
  });
});
