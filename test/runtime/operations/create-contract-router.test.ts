import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { createContractRouter } from '../../../src/runtime/operations/create-contract-router.ts';
import { EXPORT_FORMATS } from '../../../src/shared/contract/schemas.ts';
import { FORWARD_SAMPLINGS, OTLP_PROTOCOLS } from '../../../src/shared/domain/forwarding.ts';
import type { ServerId, TraceId } from '../../../src/shared/domain/ids.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../../src/shared/domain/settings.ts';
import { createFakeServices, OTHER_TRACE_ID, spanId, TRACE_ID } from '../../support/fake-services.ts';

function connect(canManage: boolean) {
  const services = createFakeServices();
  const reported: string[] = [];
  const router = createContractRouter(services, (doing, thrown) => reported.push(`${doing}: ${String(thrown)}`));
  return { services, reported, client: createRouterClient(router, { context: { canManage } }) };
}

async function failureOf(attempt: Promise<unknown>): Promise<{ code: string; message: string; data: unknown }> {
  const failure: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(failure instanceof ORPCError)) throw new Error(`Not an ORPCError: ${String(failure)}`);
  return { code: failure.code, message: failure.message, data: failure.data };
}

const id = 'files' as ServerId;
const config = { type: 'stdio' as const, command: 'npx', args: ['server'], env: { KEY: 'value' } };

const member = { serverId: 'a' as ServerId, tools: 'all' as const, prompts: [], resources: [] };

const endpoint = {
  url: 'http://127.0.0.1:4318/v1/traces',
  protocol: OTLP_PROTOCOLS[0],
  headers: {},
  compression: 'none' as const,
  timeoutMs: 10_000,
  certificateFile: null,
  filter: '',
  payloads: { requests: 'none' as const, responses: 'none' as const },
  sampling: FORWARD_SAMPLINGS[0],
  isEnabled: true,
};

const MANAGING = {
  'servers.propose': (client) => client.servers.propose({ id, config }),
  'servers.confirm': (client) => client.servers.confirm({ proposalId: 'p1' }),
  'servers.restart': (client) => client.servers.restart({ id }),
  'servers.stop': (client) => client.servers.stop({ id }),
  'servers.remove': (client) => client.servers.remove({ id }),
  'virtualServers.save': (client) => client.virtualServers.save({ id, description: null, members: [member] }),
  'virtualServers.remove': (client) => client.virtualServers.remove({ id }),
  'redaction.save': (client) => client.redaction.save({ rules: [], builtIn: {} }),
  'redaction.rescrub': (client) => client.redaction.rescrub(),
  'redaction.reveal': (client) => client.redaction.reveal({ isOn: true }),
  'redaction.revealed': (client) => client.redaction.revealed({ hash: 'ab'.repeat(8) }),
  'demo.play': (client) => client.demo.play(),
  'traces.clear': (client) => client.traces.clear(),
  'traces.import': (client) => client.traces.import({ fileName: 'a.json', base64: 'e30=' }),
  'settings.save': (client) => client.settings.save(DEFAULT_TRACING_SETTINGS),
  'forwarding.save': (client) => client.forwarding.save({ name: 'Tempo', formerName: null, endpoint }),
  'forwarding.remove': (client) => client.forwarding.remove({ name: 'Tempo' }),
  'forwarding.try': (client) => client.forwarding.try({ name: null, endpoint }),
} satisfies Record<string, (client: ReturnType<typeof connect>['client']) => Promise<unknown>>;

describe('a page that may only look', () => {
  it.each(Object.entries(MANAGING))('S5: cannot %s', async (_, call) => {
    const { client, services } = connect(false);
    expect(await failureOf(call(client))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('--manage'),
    });
    expect(services.calls).toEqual([]);
  });

  it('can look at everything', async () => {
    const { client } = connect(false);
    expect((await client.app.info()).canManage).toBe(false);
    expect((await client.traces.feed({ cursor: null, query: '', limit: 10, waitMs: 0 })).traces).toHaveLength(1);
    expect((await client.traces.watch({ traceId: TRACE_ID, cursor: null, waitMs: 0 })).reset).toBe(true);
    expect((await client.servers.watch({ cursor: null, waitMs: 0 })).servers).toEqual([]);
    expect((await client.servers.log({ id, cursor: null, waitMs: 0 })).lines).toEqual([]);
    const payload = await client.traces.payload({ traceId: TRACE_ID, spanId: spanId(2), direction: 'request' });
    expect(payload?.text).toBe('{}');
    expect((await client.redaction.watch({ cursor: null, waitMs: 0 })).revealingSince).toBeNull();
    expect((await client.redaction.test({ text: 'a', policy: null })).text).toBe('a');
    expect((await client.redaction.explain({ key: '', value: 'a' })).isHidden).toBe(false);
    expect(await client.redaction.hints({ traceId: TRACE_ID, spanId: null })).toEqual([]);
    expect(await client.redaction.trail({ hash: 'ab'.repeat(8) })).toEqual([]);
    expect((await client.settings.watch({ cursor: null, waitMs: 0 })).settings).toEqual(DEFAULT_TRACING_SETTINGS);
    expect((await client.forwarding.watch({ cursor: null, waitMs: 0 })).endpoints).toEqual([]);
    expect((await client.forwarding.preview({ name: null, endpoint })).url).toBe(endpoint.url);
  });
});

describe('a page that may manage', () => {
  it.each(Object.keys(MANAGING))('S5: can %s', async (name) => {
    const { client, services } = connect(true);
    await MANAGING[name as keyof typeof MANAGING](client);
    expect(services.calls.join()).toContain(name === 'traces.clear' ? 'store.clear' : name);
  });

  it('S14: is shown exactly what would start, and the names of variables only; nothing starts', async () => {
    const { client, services } = connect(true);
    expect(await client.servers.propose({ id, config })).toEqual({
      proposalId: 'p1',
      id,
      replaces: false,
      target: { type: 'stdio', command: 'npx', args: ['server'], envNames: ['KEY'], cwd: null },
    });
    expect(services.calls).toEqual(['servers.propose files']);
  });
});

function fileOf(traceId: TraceId) {
  return { selection: { traceIds: [traceId] }, format: 'otlp-json', withPayloads: false } as const;
}

describe('traces.export', () => {
  it('R22: answers with OTLP/JSON without payloads and a file name', async () => {
    const exported = await connect(false).client.traces.export(fileOf(TRACE_ID));
    expect(exported).toMatchObject({ fileName: `trace-${TRACE_ID}.otlp.json`, mediaType: 'application/json' });
    const text = Buffer.from(exported.base64, 'base64').toString();
    expect(JSON.parse(text)).toEqual({ what: TRACE_ID, format: 'otlp-json', withPayloads: false });
  });

  it('answers with what matches a filter, in every form', async () => {
    const { client } = connect(false);
    const names: string[] = [];
    for (const format of EXPORT_FORMATS) {
      const exported = await client.traces.export({ selection: { query: 'tool:echo' }, format, withPayloads: true });
      const written: unknown = JSON.parse(Buffer.from(exported.base64, 'base64').toString());
      expect(written).toEqual({ what: 'matching tool:echo', format, withPayloads: true });
      names.push(exported.fileName);
    }
    expect(names).toEqual(['traces.otlp.json', 'traces.otlp.jsonl', 'traces.otlp.pb', 'traces.session.jsonl']);
  });

  it('names the command for more than a page is given', async () => {
    const { client, services } = connect(false);
    const bytes = new Uint8Array(32 * 1024 * 1024 + 1);
    Object.assign(services.exports, { selected: async () => ({ bytes, traces: 3 }) });
    const failure = await failureOf(
      client.traces.export({ selection: { query: 'a' }, format: 'session', withPayloads: true }),
    );
    expect(failure.message).toBe(
      'This is more than the 32 MiB a page is given: use "throughline export --format session --query QUERY --out FILE".',
    );
  });

  it('says so when the trace is gone', async () => {
    const failure = await failureOf(connect(false).client.traces.export(fileOf(OTHER_TRACE_ID)));
    expect(failure.message).toContain('no longer in the store');
  });
});

describe('failures', () => {
  const ask = (query: string) => connect(true).client.traces.feed({ cursor: null, query, limit: 10, waitMs: 0 });

  it('that a user can mend cross with their sentence', async () => {
    expect(await failureOf(ask('bad:'))).toMatchObject({ code: 'BAD_REQUEST', message: 'Write a value after "bad:".' });
  });

  it('of any other kind cross as one general sentence, and the detail goes to the log', async () => {
    const { client, reported } = connect(true);
    const failure = await failureOf(client.traces.feed({ cursor: null, query: 'crash', limit: 10, waitMs: 0 }));
    expect(failure.code).toBe('INTERNAL_SERVER_ERROR');
    expect(failure.message).not.toContain('disk');
    expect(reported.join()).toContain('traces.feed: Error: disk on fire');
  });

  it('of the schema cross with what the schema says, and nothing of the value', async () => {
    const { client, services } = connect(true);
    const unfit = { ...config, command: ' ', env: { KEY: 'hunter2' } };
    const failure = await failureOf(client.servers.propose({ id, config: unfit }));
    expect(failure).toEqual({
      code: 'BAD_REQUEST',
      message: 'Enter the command that starts the server.',
      data: undefined,
    });
    const asked = { cursor: null, traceId: 'nonsense' as TraceId, waitMs: 0 };
    const trace = await failureOf(client.traces.watch(asked));
    expect(trace.message).toBe('A trace id is 32 lower-case hex digits.');
    expect(services.calls).toEqual([]);
  });
});
