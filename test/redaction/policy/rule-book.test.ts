import { describe, expect, it } from 'vitest';
import type { RedactionPolicy, RuleMatch, UserRule } from '../../../src/shared/domain/redaction.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import { BUILT_IN_RULES } from '../../../src/redaction/policy/built-in-rules.ts';
import { MASK, rawPayload, rawSpan, testEngine, testRedactor } from '../masked.ts';

function rule(match: RuleMatch, action: UserRule['action'] = 'mask', id = 'mine'): UserRule {
  return { id, match, action };
}

function policy(...rules: UserRule[]): RedactionPolicy {
  return { rules, builtIn: {} };
}

function json(value: unknown, by: RedactionPolicy): unknown {
  return JSON.parse(testRedactor({ policy: by }).payload(rawPayload(JSON.stringify(value))).text);
}

describe('the rules', () => {
  it('are each described in words for people', () => {
    const rules = testRedactor().rules();
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { title, explanation } of rules) {
      expect(title.length).toBeGreaterThan(2);
      expect(explanation).toMatch(/^[A-Z].*\.$/);
    }
    const always = rules.filter(({ canBeTurnedOff }) => !canBeTurnedOff);
    expect(always.map(({ id }) => id)).toEqual([
      'key-name',
      'label',
      'auth-scheme',
      'url-userinfo',
      'known-value',
      'too-deep',
    ]);
    for (const { explanation } of always) expect(explanation).toContain('because');
    expect(rules.filter(({ isOn }) => !isOn).map(({ id }) => id)).toEqual(['email', 'phone', 'iban']);
  });

  it('include those of the user, as they are now', () => {
    const mine = rule({ type: 'key', name: 'customer number' }, 'hash');
    const redactor = testRedactor({ policy: { rules: [mine], builtIn: { jwt: { enabled: false, action: 'drop' } } } });
    expect(redactor.rules().at(-1)).toMatchObject({ id: 'mine', group: 'yours', action: 'hash', match: mine.match });
    expect(redactor.rules().find(({ id }) => id === 'jwt')).toMatchObject({ isOn: false, action: 'drop' });
  });

  it('R28: are in force at once, and so is what names announce', () => {
    const redactor = testRedactor();
    const read = (): unknown => [
      redactor.span(rawSpan({ attributes: { 'customer.number': 'c-1' } })).attributes,
      redactor.payload({ ...rawPayload('{"customerNumber":"c-1"}'), isParsedJson: true }).text,
      redactor.text('customer_number: c-1'),
    ];
    const open = [{ 'customer.number': 'c-1' }, '{"customerNumber":"c-1"}', 'customer_number: c-1'];
    expect(read()).toEqual(open);
    redactor.apply(policy(rule({ type: 'key', name: 'customer number' })));
    expect(read()).toEqual([{ 'customer.number': MASK }, `{"customerNumber":"${MASK}"}`, `customer_number: ${MASK}`]);
    redactor.apply(policy());
    expect(read()).toEqual(open);
  });

  it('stay as they are when others cannot be used', () => {
    const redactor = testRedactor({ policy: policy(rule({ type: 'key', name: 'customer' })) });
    expect(() => {
      redactor.apply(policy(rule({ type: 'pattern', pattern: '(' })));
    }).toThrow(UserError);
    expect(redactor.text('customer: c-1')).toBe(`customer: ${MASK}`);
  });

  it('count what they hide, and a trial does not', () => {
    const redactor = testRedactor();
    redactor.text('password: a');
    redactor.payload(rawPayload('{"password":"x","token":"y"}'));
    redactor.test('password: x', policy());
    expect([...redactor.hitCounts()]).toEqual([
      ['label', 1],
      ['key-name', 2],
    ]);
  });

  it('that were in force once count no hits when they are tried', () => {
    const redactor = testRedactor();
    redactor.apply(policy(rule({ type: 'key', name: 'ticket' })));
    redactor.test('password: x', policy());
    expect([...redactor.hitCounts()]).toEqual([]);
  });
});

describe('rules of the user', () => {
  it.each<[RuleMatch, unknown, unknown]>([
    [
      { type: 'key', name: 'customer number' },
      { customerNumberOld: 'S', customer: 'a' },
      { customerNumberOld: MASK, customer: 'a' },
    ],
    [
      { type: 'key', name: 'iban' },
      { a: 'IBAN: S', u: 'https://h/?iban=S&b=1' },
      { a: `IBAN: ${MASK}`, u: `https://h/?iban=${MASK}&b=1` },
    ],
    [{ type: 'key', name: 'tokens' }, { tokens: 12 }, { tokens: MASK }],
    [
      { type: 'key', name: '顧客番号' },
      { 顧客番号: 'S', b: 1 },
      { 顧客番号: MASK, b: 1 },
    ],
    [
      { type: 'path', path: '$.a.*.c' },
      { a: [{ c: 'S' }, { d: 'x' }], c: 'x' },
      { a: [{ c: MASK }, { d: 'x' }], c: 'x' },
    ],
    [
      { type: 'path', path: '$.**.C' },
      { a: { b: { c: 'S' } }, c: 5 },
      { a: { b: { c: MASK } }, c: MASK },
    ],
    [{ type: 'path', path: "a['b.c'][1]" }, { a: { 'b.c': ['x', 'S'] } }, { a: { 'b.c': ['x', MASK] } }],
    [{ type: 'path', path: '$..d' }, { text: '{"x":{"d":"S"}}' }, { text: `{"x":{"d":"${MASK}"}}` }],
    [
      { type: 'path', path: '$.*' },
      { a: 'S', b: { c: 'S' } },
      { a: MASK, b: { c: MASK } },
    ],
    [
      { type: 'header', name: 'X-Customer' },
      { headers: { 'x-customer': 'S', y: 'x' } },
      { headers: { 'x-customer': MASK, y: 'x' } },
    ],
    [{ type: 'header', name: 'X-Customer' }, { h: [['X-Customer', 'S']] }, { h: [['X-Customer', MASK]] }],
    [
      { type: 'header', name: 'X-Customer' },
      { a: 'GET /\r\nX-Customer: S, S\r\nB: c' },
      { a: `GET /\r\nX-Customer: ${MASK}\r\nB: c` },
    ],
    [{ type: 'header', name: 'X-Customer' }, { 'x-customer': 'no header' }, { 'x-customer': 'no header' }],
    [
      { type: 'value', value: 'Sieg' },
      { a: 'x Sieg y', n: 1 },
      { a: `x ${MASK} y`, n: 1 },
    ],
    [
      { type: 'value', value: '4711' },
      { n: 4711, m: 47 },
      { n: MASK, m: 47 },
    ],
    [{ type: 'value', value: 'a b/c d e' }, { a: 'a%20b%2Fc%20d%20e' }, { a: MASK }],
    [{ type: 'value', value: 'long enough!' }, { a: Buffer.from('long enough!').toString('base64') }, { a: MASK }],
    [{ type: 'pattern', pattern: 'cust-[0-9]+' }, { a: 'see cust-12 and cust-3' }, { a: `see ${MASK} and ${MASK}` }],
    [{ type: 'pattern', pattern: '(?i)order ([0-9]+)' }, { a: 'Order 12' }, { a: `Order ${MASK}` }],
    [
      { type: 'pattern', pattern: '^4711$' },
      { a: 4711, b: 47110 },
      { a: MASK, b: 47110 },
    ],
  ])('hide by %j', (match, value, expected) => {
    expect(json(value, policy(rule(match)))).toEqual(expected);
    const text = JSON.stringify(value);
    const redactor = testRedactor({ policy: policy(rule(match)) });
    const usual = redactor.payload(rawPayload(text));
    expect(redactor.payload({ ...rawPayload(text), isParsedJson: true })).toEqual(usual);
    for (const finding of usual.findings) expect(finding).toMatchObject({ rule: 'mine', kind: 'yours' });
    expect(redactor.payload(rawPayload(usual.text)).text).toBe(usual.text);
  });

  it('for headers hold for attributes of headers', () => {
    const redactor = testRedactor({ policy: policy(rule({ type: 'header', name: 'x-customer' })) });
    const attributes = { 'http.request.header.x-customer': ['S'], 'x-customer': 'x' };
    expect(redactor.span(rawSpan({ attributes })).attributes).toEqual({
      'http.request.header.x-customer': [MASK],
      'x-customer': 'x',
    });
  });

  it('decide what is done with what built-in rules would have found, too', () => {
    const mine = rule({ type: 'key', name: 'authorization' }, 'partial');
    expect(json({ authorization: 'Bearer abcdefghijklmnop' }, policy(mine))).toEqual({
      authorization: `Bearer ${MASK}mnop`,
    });
  });

  it('S20: with patterns that never come to an end are finished all the same', () => {
    const slow = policy(
      rule({ type: 'pattern', pattern: '(a+)+$' }),
      rule({ type: 'pattern', pattern: 'a.*z|a' }, 'mask', 'two'),
    );
    const { text } = testRedactor({ policy: slow }).payload(rawPayload(`${'a'.repeat(200_000)}!`, 'text/plain'));
    expect(text).not.toContain('a');
  });

  it.each<[string, RedactionPolicy]>([
    ['Two redaction rules are called mine', policy(rule({ type: 'key', name: 'a' }), rule({ type: 'key', name: 'b' }))],
    ['jwt has the id of a built-in rule', policy(rule({ type: 'key', name: 'a' }, 'mask', 'jwt'))],
    ['needs another id', policy(rule({ type: 'key', name: 'a' }, 'mask', 'my rule'))],
    ['mine has an empty name', policy(rule({ type: 'key', name: ' ' }))],
    ['mine has an empty name', policy(rule({ type: 'header', name: '' }))],
    ['mine has a name without a letter', policy(rule({ type: 'key', name: '--' }))],
    ['mine has a value of fewer than 4', policy(rule({ type: 'value', value: 'abc' }))],
    ['mine has the path $.a..', policy(rule({ type: 'path', path: '$.a..' }))],
    ['mine has the path $', policy(rule({ type: 'path', path: '$' }))],
    ['mine has the path a b', policy(rule({ type: 'path', path: 'a b' }))],
    ['mine has the path $.**', policy(rule({ type: 'path', path: '$.**' }))],
    ['mine has a pattern that is no regular', policy(rule({ type: 'pattern', pattern: 'a(?=b)' }))],
    ['mine has a pattern that matches nothing at all', policy(rule({ type: 'pattern', pattern: 'a*' }))],
    ['There is no built-in redaction rule "nope"', { rules: [], builtIn: { nope: { enabled: false } } }],
    ['label cannot be turned off', { rules: [], builtIn: { label: { enabled: false } } }],
    ['too-deep has the action mask', { rules: [], builtIn: { 'too-deep': { action: 'partial' } } }],
  ])('are refused with a sentence that names them: %s', (sentence, given) => {
    expect(() => testRedactor({ policy: given })).toThrow(UserError);
    expect(() => testRedactor({ policy: given })).toThrow(sentence);
    expect(() => testRedactor({ policy: given })).toThrow(/; .*\.$/);
  });
});

describe('what is done with what is hidden', () => {
  const LONG = 'abcdefghij-1234';
  it.each<[UserRule['action'], unknown]>([
    ['mask', { a: MASK, short: MASK, odd: MASK, n: MASK, text: `x=${MASK}`, inner: `{"a":"${MASK}","n":"${MASK}"}` }],
    [
      'partial',
      {
        a: `${MASK}1234`,
        short: MASK,
        odd: MASK,
        n: `${MASK}9012`,
        text: `x=${MASK}1234`,
        inner: `{"a":"${MASK}1234","n":"${MASK}9012"}`,
      },
    ],
    ['drop', { a: '', short: '', odd: '', n: null, text: 'x=', inner: '{"a":"","n":null}' }],
  ])('%s', (action, expected) => {
    const rules = ['a', 'short', 'odd', 'n'].map((name) => rule({ type: 'path', path: `$.${name}` }, action, name));
    const by = policy(...rules, rule({ type: 'pattern', pattern: 'x=(.*)' }, action, 'text'));
    const value = {
      a: LONG,
      short: 'S',
      odd: 'abcdefghijkl"\\"\n',
      n: 123456789012,
      text: `x=${LONG}`,
      inner: `{"a":"${LONG}","n":123456789012}`,
    };
    expect(json(value, by)).toEqual(expected);
    expect(json(json(value, by), by)).toEqual(expected);
  });

  it('R16: a session id becomes a short hash that is the same everywhere', () => {
    const redactor = testRedactor();
    const id = '6b3a2c1e-0d4f-4a59-8b1c-2d3e4f5a6b7c';
    const { text, findings } = redactor.payload(
      rawPayload(
        JSON.stringify({
          headers: { 'mcp-session-id': id },
          url: `https://h/?session_id=${id}`,
          note: `Mcp-Session-Id: ${id}`,
        }),
      ),
    );
    const [hash, ...others] = text.match(/•••#[0-9a-f]{8}/g) ?? [];
    expect(others).toEqual([hash, hash]);
    expect(hash).toBe(`${MASK}#${findings[0]?.hash.slice(0, 8)}`);
    expect(text).not.toContain('6b3a2c1e');
    expect(redactor.text(`session_id=${id}`)).toBe(`session_id=${hash}`);
    expect(redactor.payload(rawPayload(text)).text).toBe(text);
    const masked = testRedactor({ policy: { rules: [], builtIn: { label: { action: 'mask' } } } });
    expect(masked.text(`session_id=${id}`)).toBe(`session_id=${MASK}`);
  });

  it('attributes that are dropped stay, and are empty', () => {
    const redactor = testRedactor({ policy: { rules: [], builtIn: { 'key-name': { action: 'drop' } } } });
    const attributes = { password: 'S', pwd: 12, 'db.passwords': [1, 2] };
    const span = redactor.span(rawSpan({ attributes }));
    expect(span.attributes).toEqual({ password: '', pwd: '', 'db.passwords': ['', ''] });
    for (const { start, end } of span.findings) expect([start, end]).toEqual([0, 0]);
  });

  it('what two rules hide differently is masked, so that neither shows what the other hides', () => {
    const by = policy(
      rule({ type: 'pattern', pattern: 'aaaa[a-z0-9]+' }, 'partial', 'one'),
      rule({ type: 'pattern', pattern: '[0-9]+zzzz' }, 'mask', 'two'),
    );
    expect(testRedactor({ policy: by }).text('aaaabbbbcccc1234zzzz')).toBe(MASK);
    const reversed = policy(
      rule({ type: 'pattern', pattern: 'aaaa[a-z0-9]+' }, 'mask', 'one'),
      rule({ type: 'pattern', pattern: '[0-9]+z+' }, 'partial', 'two'),
    );
    expect(testRedactor({ policy: reversed }).text('aaaabbbbcccc1234zzzzzzzzzz')).toBe(MASK);
    const nested = policy(
      rule({ type: 'key', name: 'outer' }, 'partial', 'one'),
      rule({ type: 'pattern', pattern: '[0-9]{4}' }, 'mask', 'two'),
    );
    expect(testRedactor({ policy: nested }).text('outer: abcdefghijkl1234')).toBe(`outer: ${MASK}`);
  });

  it('R20: no form of a mask is cut in half', () => {
    const { engine } = testEngine(new Set(), policy(rule({ type: 'pattern', pattern: 'S+' }, 'hash')));
    const redactor = testRedactor({
      limits: { textLength: 40 },
      policy: policy(rule({ type: 'pattern', pattern: 'S+' }, 'hash')),
    });
    expect(engine.findInText('SSS')).toHaveLength(1);
    for (let pad = 0; pad < 40; pad += 1) {
      const text = redactor.text(`${'x'.repeat(pad)}${'S'.repeat(50)}${'y'.repeat(50)}`);
      expect(text.replace(/•••#[0-9a-f]{8}/, '')).not.toContain('•');
    }
  });
});

it('the registry holds each rule once', () => {
  expect(new Set(BUILT_IN_RULES.map(({ id }) => id)).size).toBe(BUILT_IN_RULES.length);
});
