import { describe, expect, it } from 'vitest';
import { baggageOf, baggageText, type BaggageRules } from '../../src/gateway/baggage.ts';

const RULES: BaggageRules = {
  allow: new Set(['tenant', 'user.id', 'a-b_c']),
  headers: new Map([['x-team', 'team']]),
  maxItems: 32,
  maxBytes: 8_192,
};

function fromHeader(baggage: string, rules: Partial<BaggageRules> = {}): Readonly<Record<string, string>> {
  const entries = baggageOf({ meta: null, headers: { baggage } }, { ...RULES, ...rules });
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

describe('the baggage that goes on', () => {
  it('R64: holds what was allowed and drops what nobody named', () => {
    expect(fromHeader('tenant=acme, secret=1,user.id=42;note=x;y , a-b_c = d')).toEqual({
      tenant: 'acme',
      'user.id': '42',
      'a-b_c': 'd',
    });
  });

  it('R64: is taken from the message before the header, and not from both', () => {
    const headers = { baggage: 'tenant=header,user.id=7' };
    expect(baggageOf({ meta: { baggage: 'tenant=meta' }, headers }, RULES)).toEqual([{ key: 'tenant', value: 'meta' }]);
    for (const baggage of [1, null, {}, ['tenant=meta'], ''])
      expect(baggageOf({ meta: { baggage }, headers }, RULES)).toEqual([]);
  });

  it('R64: has the values of mapped headers first, which go before what the caller says under their key', () => {
    const rules = { ...RULES, allow: new Set(['team', 'tenant']) };
    const headers = { baggage: 'team=told,tenant=acme', 'x-team': '  blue \t team ' };
    expect(baggageOf({ meta: null, headers }, rules)).toEqual([
      { key: 'team', value: 'blue team' },
      { key: 'tenant', value: 'acme' },
    ]);
  });

  it('R64: has several lines of a header as one list', () => {
    const headers = { baggage: ['tenant=acme', 'user.id=7'] };
    expect(baggageOf({ meta: null, headers }, RULES)).toHaveLength(2);
  });

  it.each([
    ['a percent sign that encodes nothing', 'tenant=50%'],
    ['half of a character', 'tenant=%E2%82'],
    ['no value', 'tenant='],
    ['spaces only', 'tenant=%20%20'],
    ['control characters only', 'tenant=%00%07'],
    ['no equals sign', 'tenant'],
    ['two values', 'tenant=a,tenant=b'],
    ['a value of 4097 characters', `tenant=${'x'.repeat(4_097)}`],
  ])('R64: drops an entry with %s, and no other', (_what, text) => {
    expect(fromHeader(`${text},user.id=7`)).toEqual({ 'user.id': '7' });
  });

  it('R64: keeps a value that is said twice', () => {
    expect(fromHeader('tenant=a,tenant=a')).toEqual({ tenant: 'a' });
  });

  it.each(['1tenant', '.tenant', 'ten ant', 'ten/ant', 'tenänt', 'x'.repeat(257)])(
    'R64: drops the key "%s", even where it is allowed',
    (key) => {
      expect(fromHeader(`${key}=1`, { allow: new Set([key]) })).toEqual({});
    },
  );

  it('R64: loses line ends and other control characters, and runs of spaces', () => {
    expect(fromHeader('tenant=%20a%0d%0aX-Evil:%201%00%20%20b%09c%7f')).toEqual({ tenant: 'a X-Evil: 1 b c' });
  });

  it('R64: stops at the most entries and the most bytes', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const allow = new Set(keys);
    const text = keys.map((key) => `${key}=${'v'.repeat(30)}`).join(',');
    expect(Object.keys(fromHeader(text, { allow, maxItems: 32 }))).toEqual(keys.slice(0, 32));
    const some = baggageOf(
      { meta: null, headers: { baggage: 'k0=%C3%A4%C3%A4,k1=1' } },
      { ...RULES, allow, maxBytes: 16 },
    );
    expect(some).toEqual([]);
    const fitting = fromHeader(text, { allow, maxItems: 64, maxBytes: Buffer.byteLength(text) });
    expect(Object.keys(fitting)).toHaveLength(40);
  });

  it('R64: is not looked at when it is longer than may go on', () => {
    expect(fromHeader(`tenant=acme,other=${'x'.repeat(8_192)}`)).toEqual({});
  });

  it('R64: of a mapped header counts its bytes as they are sent', () => {
    const entries = baggageOf({ meta: null, headers: { 'x-team': 'é'.repeat(200) } }, { ...RULES, maxBytes: 1_024 });
    expect(entries).toEqual([]);
  });

  it('R64: is written so that reading it gives the same again', () => {
    const value = 'a,b;c=d "e" \\ 100% ü 😀';
    const text = baggageText([{ key: 'tenant', value }]) ?? '';
    expect(text).toMatch(/^tenant=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/);
    expect(fromHeader(text)).toEqual({ tenant: value });
    expect(baggageText([])).toBeNull();
  });

  it('R64: never holds what UTF-8 cannot write', () => {
    const meta = { baggage: 'tenant=a\ud800b' };
    expect(baggageOf({ meta, headers: {} }, RULES)).toEqual([]);
  });
});
