import { describe, expect, it } from 'vitest';
import { isModern, lackingEnvelope, META, readEnvelope } from '../../../src/gateway/era/envelope.ts';
import { requestText } from '../../../src/gateway/frame/compose.ts';
import { asRequest } from '../../../src/gateway/upstream/handshake.ts';

const request = (method: string, meta: unknown) => asRequest(requestText('1', method, { _meta: meta }));
const VERSION = '2026-07-28';

describe('the era of a request', () => {
  it.each([
    ['its envelope names a version', request('tools/list', { [META.protocolVersion]: VERSION }), undefined, true],
    ['so it does in another type', request('tools/list', { [META.protocolVersion]: 7 }), undefined, true],
    ['only the newer era has the method', request('server/discover', {}), undefined, true],
    ['its header names a later version', request('tools/list', {}), VERSION, true],
    ['its header names a version with a handshake', request('tools/list', {}), '2025-11-25', false],
    ['its header names no date', request('tools/list', {}), 'zzz', false],
    ['it says nothing', request('initialize', {}), undefined, false],
    ['its _meta is no object', request('tools/list', 'x'), undefined, false],
  ])('is told when %s', (_what, frame, header, expected) => {
    expect(isModern(frame, header)).toBe(expected);
  });
});

describe('the envelope', () => {
  const whole = {
    [META.protocolVersion]: VERSION,
    [META.clientCapabilities]: { roots: {} },
    [META.clientInfo]: { name: 'n' },
    [META.logLevel]: 'info',
  };

  it('is read whole', () => {
    expect(readEnvelope(request('tools/list', whole))).toEqual({
      ok: true,
      value: { protocolVersion: VERSION, capabilities: { roots: {} }, clientInfo: { name: 'n' }, logLevel: 'info' },
    });
  });

  it('may leave out who asks, and whether logs are wanted', () => {
    const { [META.clientInfo]: _info, [META.logLevel]: _level, ...needed } = whole;
    expect(readEnvelope(request('tools/list', needed))).toMatchObject({
      ok: true,
      value: { clientInfo: null, logLevel: null },
    });
  });

  it.each([META.protocolVersion, META.clientCapabilities])('without %s says so', (key) => {
    for (const value of [undefined, null, 7]) {
      expect(readEnvelope(request('tools/list', { ...whole, [key]: value }))).toMatchObject({
        ok: false,
        error: { code: -32_602, message: expect.stringContaining(key) },
      });
    }
  });
});

describe('what a request lacks of an envelope', () => {
  const initialize = asRequest(
    requestText('0', 'initialize', { capabilities: { roots: {} }, clientInfo: { name: 'n', version: '1' } }),
  );
  const lacking = (meta: unknown, logLevel: string | null = null, from = initialize): unknown =>
    JSON.parse(
      `{${lackingEnvelope(request('tools/list', meta), { initialize: from, protocolVersion: VERSION, logLevel })}}`,
    );
  const whole = {
    [META.protocolVersion]: VERSION,
    [META.clientCapabilities]: { roots: {} },
    [META.clientInfo]: { name: 'n', version: '1' },
  };

  it('is what its client said of itself, and which log messages are wanted', () => {
    expect(lacking(undefined)).toEqual(whole);
    expect(lacking({ progressToken: 1 }, 'info')).toEqual({ ...whole, [META.logLevel]: 'info' });
    expect(lacking(undefined)).toEqual(whole);
  });

  it('is of each client its own', () => {
    const other = asRequest(requestText('0', 'initialize', { clientInfo: { name: 'other' } }));
    const expected = { ...whole, [META.clientCapabilities]: {}, [META.clientInfo]: { name: 'other' } };
    expect(lacking(undefined, null, other)).toEqual(expected);
    expect(lacking(undefined)).toEqual(whole);
    const unnamed = asRequest(requestText('0', 'initialize', { capabilities: 'odd', clientInfo: 'odd' }));
    const { [META.clientInfo]: _info, ...least } = { ...whole, [META.clientCapabilities]: {} };
    expect(lacking(undefined, null, unnamed)).toEqual(least);
  });

  it('is nothing where it has one, and never what it says itself', () => {
    expect(lacking({ [META.protocolVersion]: '2027-01-01' }, 'info')).toEqual({});
    const { [META.clientInfo]: _info, ...rest } = whole;
    expect(lacking({ [META.clientInfo]: { name: 'mine' } })).toEqual(rest);
  });
});
