import { describe, expect, it } from 'vitest';
import { draftOfEndpoint, EMPTY_ENDPOINT, readEndpoint } from '../../../renderer/model/endpoint-draft.ts';
import type { EndpointDraft } from '../../../renderer/model/endpoint-draft.ts';
import { ENDPOINT_DEFAULTS } from '../../../src/shared/domain/forwarding.ts';
import type { ForwardStatus } from '../../../src/shared/contract/messages.ts';

const FILLED: EndpointDraft = { ...EMPTY_ENDPOINT, name: 'Tempo', url: 'https://tempo.example.com' };

function errorsOf(changed: Partial<EndpointDraft>): unknown {
  const read = readEndpoint({ ...FILLED, ...changed });
  return read.ok ? {} : read.error;
}

describe('the form of an endpoint', () => {
  it('needs a name and an address, and is otherwise what an endpoint is by default', () => {
    expect(readEndpoint(FILLED)).toEqual({
      ok: true,
      value: { name: 'Tempo', endpoint: { ...ENDPOINT_DEFAULTS, url: 'https://tempo.example.com' } },
    });
    expect(Object.keys(Object(errorsOf({ name: '', url: 'tempo' })))).toEqual(['name', 'url']);
  });

  it('says at each field what is wrong with it, in a sentence', () => {
    expect(errorsOf({ url: 'ftp://tempo' })).toEqual({ url: 'Enter an http:// or https:// address.' });
    expect(errorsOf({ timeoutSeconds: 'soon' })).toEqual({ timeoutSeconds: 'Seconds from 0.1 to 600.' });
    expect(errorsOf({ timeoutSeconds: '' })).toEqual({ timeoutSeconds: 'Seconds from 0.1 to 600.' });
    expect(errorsOf({ timeoutSeconds: '0.01' })).toEqual({ timeoutSeconds: 'Seconds from 0.1 to 600.' });
    expect(errorsOf({ headers: [{ name: '', value: 'x' }] })).toEqual({ headers: 'A header has a value and no name.' });
    expect(errorsOf({ headers: [{ name: 'a b', value: 'x' }] })).toEqual({
      headers: '“a b” cannot be the name of a header.',
    });
    expect(errorsOf({ headers: [{ name: 'x-key', value: '' }] })).toEqual({ headers: '“x-key” has no value yet.' });
    const twice = [
      { name: 'Authorization', value: null },
      { name: 'authorization', value: 'x' },
    ];
    expect(errorsOf({ headers: twice })).toEqual({ headers: '“authorization” is there twice.' });
  });

  it('leaves out a header row that was never filled in', () => {
    expect(errorsOf({ headers: [{ name: '', value: '' }] })).toEqual({});
  });

  it('R25: is opened again with the names of headers alone, and what is not replaced goes back as kept', () => {
    const { headers: _, ...defaults } = ENDPOINT_DEFAULTS;
    const status: ForwardStatus = {
      ...defaults,
      name: 'Tempo',
      url: 'https://tempo.example.com',
      timeoutMs: 2_500,
      headerNames: ['authorization', 'x-scope-orgid'],
      source: 'saved',
      state: 'idle',
      counts: { sentTraces: 0, sentSpans: 0, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 0 },
      lastError: null,
      lastSentAt: null,
    };
    const draft = draftOfEndpoint(status);
    expect(draft.timeoutSeconds).toBe('2.5');
    const [, orgid] = draft.headers;
    if (orgid === undefined) throw new Error('There should be two headers.');
    const read = readEndpoint({ ...draft, headers: [{ name: 'authorization', value: 'Bearer new' }, orgid] });
    expect(read.ok && read.value.endpoint).toMatchObject({
      timeoutMs: 2_500,
      headers: { authorization: 'Bearer new', 'x-scope-orgid': null },
    });
  });
});
