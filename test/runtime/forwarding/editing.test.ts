import { describe, expect, it } from 'vitest';
import { endpointSecretKey } from '../../../src/runtime/secrets/secret-reference.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import {
  AUTHORITY_FILE,
  spanNames,
  spansOf,
  startGrpcReceiver,
  startHttpReceiver,
} from '../../support/forward-receiver.ts';
import { makePayload, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { edited, endpointAt, openDesk, OWN_ORIGIN, spanNow } from './desk-stage.ts';

const TOKEN = 'correct-horse-battery-staple';

describe('saving an endpoint', () => {
  it('R25: takes header values in, keeps them in the vault, and never gives them out', async () => {
    const receiver = await startHttpReceiver();
    const { desk, vault, record } = await openDesk();
    await desk.save('collector', null, edited(receiver.url, { headers: { 'x-api-key': TOKEN } }));
    expect(vault.get(endpointSecretKey('collector', 'x-api-key'))).toEqual({ value: TOKEN });
    await record([spanNow(1)]);
    const [request] = await receiver.received(1);
    expect(request?.headers['x-api-key']).toBe(TOKEN);
    const feed = await desk.watch(null, 0);
    expect(feed.endpoints).toMatchObject([{ name: 'collector', source: 'saved', headerNames: ['x-api-key'] }]);
    expect(JSON.stringify(feed)).not.toContain(TOKEN);
  });

  it('R25: keeps the value of a header that a page leaves as it is, under another name too', async () => {
    const receiver = await startHttpReceiver();
    const { desk, vault, record } = await openDesk();
    await desk.save('one', null, edited(receiver.url, { headers: { 'x-api-key': TOKEN } }));
    await desk.save('two', 'one', edited(receiver.url, { headers: { 'x-api-key': null }, filter: 'status:ok' }));
    expect(vault.keys()).toEqual([endpointSecretKey('two', 'x-api-key')]);
    await record([spanNow(1)]);
    const [request] = await receiver.received(1);
    expect(request?.headers['x-api-key']).toBe(TOKEN);
    expect((await desk.watch(null, 0)).endpoints.map(({ name }) => name)).toEqual(['two']);
  });

  it('R25: sends a kept header to no other address, neither when saving nor when trying', async () => {
    const [mine, other] = [await startHttpReceiver(), await startHttpReceiver()];
    const { desk } = await openDesk();
    await desk.save('collector', null, edited(mine.url, { headers: { 'x-api-key': TOKEN } }));
    const elsewhere = edited(other.url, { headers: { 'x-api-key': null } });
    await expect(desk.save('collector', 'collector', elsewhere)).rejects.toThrow(/enter the value of header x-api-key/);
    await expect(desk.try('collector', elsewhere)).rejects.toThrow(/enter the value of header x-api-key/);
    await expect(desk.try(null, edited(mine.url, { headers: { 'x-api-key': null } }))).rejects.toThrow(UserError);
    expect(other.requests).toEqual([]);
  });

  it('follows references to variables, which stay as they are written', async () => {
    const receiver = await startHttpReceiver();
    const { desk, vault, record } = await openDesk({ environment: { BACKEND_TOKEN: TOKEN } });
    await desk.save('collector', null, edited(receiver.url, { headers: { authorization: 'Bearer ${BACKEND_TOKEN}' } }));
    expect(vault.keys()).toEqual([]);
    await record([spanNow(1)]);
    const [request] = await receiver.received(1);
    expect(request?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
    const missing = edited(receiver.url, { headers: { authorization: '${NOT_SET}' } });
    await expect(desk.save('other', null, missing)).rejects.toThrow(/NOT_SET is not set/);
  });

  it('begins with what comes from then on', async () => {
    const receiver = await startHttpReceiver();
    const { desk, record } = await openDesk();
    await record([spanNow(1)]);
    await desk.save('collector', null, edited(receiver.url));
    await record([spanNow(2)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
  });

  it('R84: goes on where the endpoint was, without what was sent and with what was not', async () => {
    const [broken, mended] = [await startHttpReceiver(), await startHttpReceiver()];
    const { desk, record, until } = await openDesk({ endpoints: { collector: endpointAt(broken.url) } });
    await record([spanNow(1)]);
    await until('it was sent', 'collector', ({ counts }) => counts.sentTraces === 1);
    broken.alwaysAnswerWith({ status: 503 });
    await record([spanNow(2)]);
    await record([spanNow(3, { status: { code: 'error', message: 'no' } })]);
    await until('both wait', 'collector', ({ counts }) => counts.queuedTraces === 2);
    await desk.save('collector', 'collector', edited(mended.url, { filter: 'status:error' }));
    expect(spanNames(await mended.received(1))).toEqual(['span 3']);
    await record([spanNow(4, { status: { code: 'error', message: 'no' } })]);
    await mended.received(2);
    expect(spanNames(mended.requests)).toEqual(['span 3', 'span 4']);
  });

  it('sends nothing while an endpoint is switched off', async () => {
    const receiver = await startHttpReceiver();
    const { desk, record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await desk.save('collector', 'collector', edited(receiver.url, { isEnabled: false }));
    await record([spanNow(1)]);
    expect((await until('it is off', 'collector', ({ state }) => state === 'off')).counts.queuedTraces).toBe(0);
    await desk.save('collector', 'collector', edited(receiver.url));
    await record([spanNow(2)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
  });

  it.each([
    [{ url: 'https://user:sesame@example.org' }, /Authorization header/],
    [{ url: 'https://example.org/?api_key=sesame' }, /as a header/],
    [{ headers: { 'content-type': 'text/plain' } }, /not for an endpoint to set/],
    [{ headers: { 'bad name': 'x' } }, /no name for a header/],
    [{ headers: { 'X-Key': 'a', 'x-key': 'b' } }, /twice/],
    [{ headers: { key: 'a\r\nb: c' } }, /cannot hold/],
    [{ filter: 'status:nonsense' }, /filter cannot be used/],
    [{ certificateFile: '/there/is/no/such.pem' }, /There is no file/],
    [{ certificateFile: new URL('../../fixtures/tls/README.md', import.meta.url).pathname }, /PEM form/],
  ] as const)('says in one sentence what is wrong with %o, and saves nothing', async (wrong, sentence) => {
    const { desk } = await openDesk();
    const saving = desk.save('collector', null, edited('https://example.org', wrong));
    await expect(saving).rejects.toThrow(UserError);
    await expect(saving).rejects.toThrow(sentence);
    await expect(saving).rejects.not.toThrow(/sesame/);
    expect((await desk.watch(null, 0)).endpoints).toEqual([]);
  });

  it.each([OWN_ORIGIN, 'http://localhost:4820/v1/traces', 'http://[::1]:4820'])(
    'R84: refuses %s, where this gateway itself receives',
    async (url) => {
      const { desk } = await openDesk();
      for (const protocol of ['http/protobuf', 'grpc'] as const) {
        await expect(desk.save('loop', null, edited(url, { protocol }))).rejects.toThrow(/own address/);
        await expect(desk.try(null, edited(url, { protocol }))).rejects.toThrow(/own address/);
      }
    },
  );

  it('R84: sends nothing to its own address that a file or a variable names, and says so', async () => {
    const { record, until, warnings } = await openDesk({
      endpoints: { loop: endpointAt(OWN_ORIGIN) },
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4820' },
    });
    await record([spanNow(1)]);
    for (const name of ['loop', 'environment']) {
      const status = await until('it is seen', name, ({ state }) => state === 'failing');
      expect(status.lastError).toContain('own address');
    }
    expect(warnings).toHaveLength(2);
  });

  it('gives a name to one endpoint only, and none away that is taken', async () => {
    const { desk } = await openDesk({ endpoints: { one: endpointAt('http://localhost:1') } });
    await expect(desk.save('one', null, edited('http://localhost:2'))).rejects.toThrow(/already/);
    await expect(desk.save('environment', null, edited('http://localhost:2'))).rejects.toThrow(/taken/);
    await expect(desk.save('two', 'three', edited('http://localhost:2'))).rejects.toThrow(/no endpoint "three"/);
    await desk.remove('one');
    await expect(desk.remove('one')).rejects.toThrow(/no endpoint "one"/);
  });

  it('forgets a removed endpoint with its secrets, and sends nothing to it any more', async () => {
    const [gone, other] = [await startHttpReceiver(), await startHttpReceiver()];
    const { desk, vault, record } = await openDesk({ endpoints: { other: endpointAt(other.url) } });
    await desk.save('gone', null, edited(gone.url, { headers: { 'x-api-key': TOKEN } }));
    await desk.remove('gone');
    expect(vault.keys()).toEqual([]);
    await record([spanNow(1)]);
    await other.received(1);
    expect(gone.requests).toEqual([]);
  });
});

describe('the endpoint of the OTEL_* variables', () => {
  it('R85: is sent to as they say', async () => {
    const receiver = await startHttpReceiver();
    const { record, desk } = await openDesk({
      environment: {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/in`,
        OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${TOKEN}`,
        OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      },
    });
    await record([spanNow(1)]);
    const [request] = await receiver.received(1);
    expect(request?.path).toBe('/in');
    expect(request?.headers['x-api-key']).toBe(TOKEN);
    const feed = await desk.watch(null, 0);
    expect(feed.endpoints).toMatchObject([
      { name: 'environment', source: 'environment', url: `${receiver.url}/in`, headerNames: ['x-api-key'] },
    ]);
    expect(JSON.stringify(feed)).not.toContain(TOKEN);
  });

  it('can be looked at and not changed', async () => {
    const { desk } = await openDesk({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:1' } });
    const change = edited('http://localhost:2');
    for (const changing of [desk.save('x', 'environment', change), desk.remove('environment')])
      await expect(changing).rejects.toThrow(/OTEL_\*/);
  });
});

describe('looking before anything leaves', () => {
  it('R22: shows the very document that would leave, and sends nothing', async () => {
    const receiver = await startHttpReceiver();
    const { desk, record } = await openDesk();
    const endpoint = edited(receiver.url, {
      protocol: 'http/json',
      headers: { 'x-api-key': null },
      filter: 'name:tool',
      payloads: { requests: 'all', responses: 'none' },
    });
    await record([spanNow(1, { name: 'other' })]);
    const body = { traceId: traceIdOf(2), spanId: spanIdOf(2), text: '{"asked":1}' };
    const spans = [spanNow(2, { name: 'tool.invoke' }), spanNow(3, { traceId: traceIdOf(2), endTime: null })];
    const bodies = [makePayload(body), makePayload({ ...body, direction: 'response', text: '{"said":1}' })];
    await record(spans, bodies);
    const preview = await desk.preview(null, endpoint);
    expect(preview).toMatchObject({
      url: `${receiver.url}/v1/traces`,
      headerNames: ['x-api-key'],
      matching: 1,
      stored: 2,
      sample: { traceId: traceIdOf(2), spans: 1 },
    });
    expect(preview.sample?.json).toContain('asked');
    expect(preview.sample?.json).not.toContain('said');
    expect(receiver.requests).toEqual([]);

    await desk.save('collector', null, { ...endpoint, headers: {} });
    await record(
      spans.map((span) => ({ ...span, traceId: traceIdOf(4) })),
      bodies.map((payload) => ({ ...payload, traceId: traceIdOf(4) })),
    );
    const ended = { ...spanNow(3, { traceId: traceIdOf(4) }), name: 'ended' };
    await record([ended]);
    const [request] = await receiver.received(1);
    const sent = request === undefined ? [] : spansOf(request).filter(({ name }) => name === 'tool.invoke');
    const shown = spansOf({
      path: '',
      headers: {},
      encoding: 'json',
      wasCompressed: false,
      body: Buffer.from(preview.sample?.json ?? ''),
    });
    expect(sent).toEqual(shown.map((span) => ({ ...span, traceId: traceIdOf(4) })));
  });

  it('R91: shows nothing of traces that would not leave', async () => {
    const { desk, record, imported } = await openDesk();
    imported.add(traceIdOf(1));
    await record([spanNow(1), spanNow(2, { attributes: { 'throughline.caller.sampled': false } })]);
    expect((await desk.preview(null, edited('http://localhost:1'))).sample).toBeNull();
    const all = await desk.preview(null, edited('http://localhost:1', { sampling: 'all' }));
    expect(all).toMatchObject({ matching: 1, stored: 2, sample: { traceId: traceIdOf(2) } });
  });

  it('S25: shows nothing that must not leave, and says why', async () => {
    const { desk, record } = await openDesk({ control: { spanAgain: (span) => span } });
    const secret = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';
    await record([spanNow(1, { attributes: { note: `see ${secret}` } })]);
    const looking = desk.preview(null, edited('http://localhost:1'));
    await expect(looking).rejects.toThrow(/holds what the rule/);
    await expect(looking).rejects.not.toThrow(new RegExp(secret));
  });

  it.each(['http/protobuf', 'http/json', 'grpc'] as const)(
    'tries an endpoint over %s with no span',
    async (protocol) => {
      const receiver = await (protocol === 'grpc'
        ? startGrpcReceiver({ tls: true })
        : startHttpReceiver({ tls: true }));
      const { desk, record } = await openDesk();
      await record([spanNow(1)]);
      const endpoint = edited(receiver.url, {
        protocol,
        certificateFile: AUTHORITY_FILE,
        headers: { 'x-api-key': TOKEN },
      });
      expect(await desk.try(null, endpoint)).toMatchObject({ isOk: true });
      const [request] = receiver.requests;
      expect(request?.headers['x-api-key']).toBe(TOKEN);
      expect(request && spansOf(request)).toEqual([]);
      await receiver.close();
      const { isOk, sentence } = await desk.try(null, endpoint);
      expect(isOk).toBe(false);
      expect(sentence).toMatch(/^Nothing answers at localhost/);
    },
  );

  it('R85: says what an endpoint answers, without secrets', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status: 403, headers: { 'content-type': 'text/plain' }, body: `${TOKEN} may not` });
    const { desk } = await openDesk();
    const trial = await desk.try(null, edited(receiver.url, { headers: { 'x-api-key': TOKEN } }));
    expect(trial).toMatchObject({ isOk: false, sentence: expect.stringContaining('HTTP 403') as string });
    expect(trial.sentence).not.toContain(TOKEN);
  });
});
