import { expect } from 'vitest';
import type { Json } from '../../../support/raw-session.ts';
import { textOf } from '../../../support/sdk-client.ts';
import { NOT_OFFERED, SHARED_PROCESS, type Outcome } from './cells.ts';
import type { Meeting } from './checks.ts';
import type { EraClient } from './era-client.ts';

const METHOD_NOT_FOUND = -32_601;
const WATCHED = 'test://watched-resource';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

/** A stream of news that a modern client opens; a legacy one has it by its handshake. */
interface Listening extends AsyncDisposable {
  readonly granted: Json;
  readonly outcome: Outcome;
}

async function listening(me: EraClient, filter: Json): Promise<Listening> {
  const { manual } = me;
  if (manual === null) return { granted: filter, outcome: 'yes', [Symbol.asyncDispose]: () => Promise.resolve() };
  const subscription = await manual.listen(filter);
  return {
    granted: subscription.honoredFilter,
    outcome: 'by `subscriptions/listen`',
    [Symbol.asyncDispose]: () => subscription.close(),
  };
}

interface ChangingList {
  readonly list: 'tools' | 'prompts';
  /** The tool that changes it. */
  readonly trigger: string;
  /** What comes and goes. */
  readonly changing: string;
  names(me: EraClient): Promise<readonly string[]>;
}

/** Changes a list twice, and sees that the client is told each time and finds the list of then. */
export async function hearsOfLists(
  meeting: Meeting,
  { list, trigger, changing, names }: ChangingList,
): Promise<Outcome> {
  const { me } = meeting;
  const offered = me.client.getServerCapabilities()?.[list]?.listChanged;
  if (offered !== true) return NOT_OFFERED;
  const filter = { [`${list}ListChanged`]: true };
  await using stream = await listening(me, filter);
  expect(stream.granted).toEqual(filter);
  for (const isThere of [true, false]) {
    const before = me.heard.length;
    expect(textOf(await me.callTool({ name: trigger }))).toBe(`${changing} is ${isThere ? 'there' : 'gone'}.`);
    const news = `notifications/${list}/list_changed`;
    await me.hears(`the list of ${list} changed`, before, ({ method }) => method === news);
    expect((await names(me)).includes(changing)).toBe(isThere);
  }
  return stream.outcome;
}

/** Wants to know of a resource, and sees that it does when that is updated. */
export async function hearsOfResource({ me }: Meeting): Promise<Outcome> {
  const offered = me.client.getServerCapabilities()?.resources?.subscribe === true;
  const filter = { resourceSubscriptions: [WATCHED] };
  if (!offered) {
    await isRefused(me, filter);
    return NOT_OFFERED;
  }
  if (me.manual === null) await me.client.subscribeResource({ uri: WATCHED });
  await using stream = await listening(me, filter);
  expect(stream.granted).toEqual(filter);
  const before = me.heard.length;
  await me.callTool({ name: 'test_trigger_resource_update' });
  const news = await me.hears('the resource was updated', before, ({ method }) => method.endsWith('resources/updated'));
  expect(news.params['uri']).toBe(WATCHED);
  if (me.manual === null) await me.client.unsubscribeResource({ uri: WATCHED });
  return stream.outcome;
}

async function isRefused(me: EraClient, filter: Json): Promise<void> {
  if (me.manual === null) {
    await expect(me.client.subscribeResource({ uri: WATCHED })).rejects.toMatchObject({ code: METHOD_NOT_FOUND });
    return;
  }
  await using stream = await listening(me, filter);
  expect(stream.granted).toEqual({ resourceSubscriptions: [] });
}

/** Asks for log messages as its era does, before the call or with it, and sees that all of them come. */
export async function hearsLogMessages({ me, serverId }: Meeting): Promise<Outcome> {
  const offered = me.client.getServerCapabilities()?.logging !== undefined;
  if (me.manual === null && !offered) {
    await expect(me.client.setLoggingLevel('info')).rejects.toMatchObject({ code: METHOD_NOT_FOUND });
    return NOT_OFFERED;
  }
  const before = me.heard.length;
  if (me.manual === null) await me.client.setLoggingLevel('info');
  const call = { name: 'test_tool_with_logging', ...(me.manual !== null && { _meta: { [LOG_LEVEL]: 'info' } }) };
  await me.callTool(call);
  if (serverId === 'modern-stdio') {
    // Here both clients use the one process, and nothing in a log message says whose call it is about.
    expect(me.heard.slice(before).filter(({ method }) => method === 'notifications/message')).toEqual([]);
    return SHARED_PROCESS;
  }
  await me.hears('the last log message came', before, ({ params }) => params['data'] === 'Tool execution completed');
  const messages = me.heard.slice(before).filter(({ method }) => method === 'notifications/message');
  expect(messages.map(({ params }) => params['data'])).toEqual([
    'Tool execution started',
    'Tool processing data',
    'Tool execution completed',
  ]);
  return 'yes';
}
