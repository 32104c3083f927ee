import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIST_METHODS } from '../../src/gateway/upstream/catalog.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway } from '../support/gateway-process.ts';
import { openRawSession, type Json, type RawAnswer } from '../support/raw-session.ts';
import { wireMessages } from '../support/wire-record.ts';

interface Passage {
  /** What the server was sent, without the members of `_meta` that carry a trace context. */
  readonly toServer: readonly unknown[];
  /** What the client was answered: status, headers and messages. */
  readonly toClient: readonly unknown[];
  readonly contexts: number;
  readonly traces: number;
}

const CONTEXT_KEYS = ['traceparent', 'tracestate', 'baggage'];
/** Each answer has its own. */
const OWN_HEADERS = ['date', 'mcp-session-id', 'x-correlation-id'];

/** Objects that only the context needed go with it: `params` is optional, and so is `_meta` in it. */
function withoutContext(params: Json = {}): Json {
  const { _meta: meta, ...others } = params;
  const kept = Object.entries((meta ?? {}) as Json).filter(([key]) => !CONTEXT_KEYS.includes(key));
  return kept.length === 0 ? others : { ...others, _meta: Object.fromEntries(kept) };
}

function shown({ status, headers, messages }: RawAnswer): unknown {
  return { status, messages, headers: [...headers].filter(([name]) => !OWN_HEADERS.includes(name)) };
}

async function passage(tracing: boolean): Promise<Passage> {
  const recordFile = join(temporaryFolder(), 'wire.jsonl');
  const config = { mcpServers: { local: workbenchStdio(recordFile) }, gateway: { tracing } };
  await using gateway = await startGateway({ config });
  await eventually('the gateway has read what the server offers', () => {
    const methods = new Set(wireMessages(recordFile).map(({ method }) => method));
    return Object.values(LIST_METHODS).every(({ method }) => methods.has(method));
  });
  const session = await openRawSession(gateway, '/servers/local/mcp');
  const toClient: unknown[] = [];
  let id = 100;
  const send = async (method: string, params: Json): Promise<void> => {
    id += 1;
    toClient.push(shown(await session.post({ jsonrpc: '2.0', id, method, params })));
  };
  await send('tools/list', {});
  await send('tools/call', { name: 'echo_text', arguments: { text: 'a' }, _meta: { progressToken: 7, keep: 'me' } });
  await send('tools/call', { name: 'fail', arguments: { message: 'no' } });
  await send('tools/call', { name: 'no-such-tool', arguments: {} });
  await send('prompts/get', { name: 'greeting' });
  await send('no/such-method', { unknown: [1, { two: null }] });
  toClient.push(shown(await session.post('{"jsonrpc":')));
  const sent = wireMessages(recordFile);
  return {
    toServer: sent.map(({ method, id: sentId, params }) => ({ method, id: sentId, params: withoutContext(params) })),
    toClient,
    contexts: sent.filter(({ params }) => typeof (params?.['_meta'] as Json | undefined)?.['traceparent'] === 'string')
      .length,
    traces: (await gateway.traces()).length,
  };
}

describe('tracing that is on', () => {
  it('R97: changes nothing of what passes, either way, but for the trace context of messages to servers', async () => {
    const [off, on] = [await passage(false), await passage(true)];
    expect(on.toServer).toEqual(off.toServer);
    expect(on.toClient).toEqual(off.toClient);
    expect(on.toClient).toHaveLength(7);
    expect([off.contexts, off.traces]).toEqual([0, 0]);
    expect(on.contexts).toBeGreaterThan(5);
    expect(on.traces).toBeGreaterThan(7);
  });
});
