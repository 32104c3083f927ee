import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/shared/domain/redaction.ts';
import { MASK, rawPayload, rawSpan, testRedactor } from '../masked.ts';
import { HARMLESS, JWT } from '../rules/shapes/samples.ts';

const RANDOM = 'q7Rk2Zt9Lw4Xv8Bn3Mc6Yd1Fs5';

describe('hints', () => {
  const redactor = testRedactor();
  const hintsIn = (value: unknown) => redactor.hintsOfPayload(redactor.payload(rawPayload(JSON.stringify(value))));

  it('say what looks random, where, and which rule would hide it', () => {
    const value = { customer: { licence: `x ${RANDOM}` }, content: [{ text: `see acme_live_${RANDOM}.` }] };
    const [first, second, ...others] = hintsIn(value);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      path: '/customer/licence',
      start: 2,
      end: 2 + RANDOM.length,
      reason: 'entropy',
      suggestion: { id: 'hide-licence', match: { type: 'key', name: 'licence' }, action: 'mask' },
    });
    expect(second).toMatchObject({ path: '/content/0/text', suggestion: { match: { type: 'pattern' } } });
    for (const hint of [first, second]) {
      expect(hint?.sentence).toMatch(/^[A-Z].*\.$/);
      expect(JSON.stringify(hint)).not.toContain(RANDOM);
      const rules = hint === undefined ? [] : [hint.suggestion];
      const { text } = redactor.test(JSON.stringify(value), { rules, builtIn: {} });
      expect(text).not.toContain(hint === first ? `x ${RANDOM}` : `acme_live_${RANDOM}`);
    }
  });

  it('read all of a span', () => {
    const span = redactor.span(
      rawSpan({
        name: `run ${RANDOM}`,
        attributes: { licence: RANDOM, list: [RANDOM], 'mcp.session.id': '0123456789ab', password: RANDOM },
        status: { code: 'error', message: `for ${RANDOM}` },
      }),
    );
    expect(redactor.hintsOfSpan(span).map(({ path }) => path)).toEqual([
      '/name',
      '/status/message',
      '/attributes/licence',
      '/attributes/list/0',
    ]);
  });

  it('name what a rule that is turned off would hide', () => {
    const lenient = testRedactor({ policy: { rules: [], builtIn: { jwt: { enabled: false } } } });
    const payload = lenient.payload(rawPayload(JSON.stringify({ text: `see ${JWT}` })));
    expect(lenient.hintsOfPayload(payload)).toMatchObject([
      {
        path: '/text',
        start: 4,
        end: 4 + JWT.length,
        reason: 'shape',
        sentence: expect.stringContaining('JSON web tokens'),
      },
    ]);
  });

  it.each([
    ...HARMLESS.filter((text) => !/^[0-9a-f]{40,}$/.test(text)).map((text) => ({ text })),
    { sha: '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12' },
    { requestId: RANDOM, nextCursor: RANDOM, etag: RANDOM, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    { text: 'etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"' },
    { path: '/usr/lib/node_modules/SomePackage2/dist/IndexOfThings4.js' },
    { text: 'The createSequentialThinkingServerWithOptions2 function and a_very_long_name_of_variable_1' },
    { token: 'x', text: `token=${RANDOM}` },
  ])('are none for %j', (value) => {
    expect(hintsIn(value)).toEqual([]);
  });
});

describe('a trial', () => {
  const redactor = testRedactor();

  it('shows what the rules in force do, or others', () => {
    expect(redactor.test('{"password":"x","customer":"y"}')).toMatchObject({
      text: `{"password":"${MASK}","customer":"y"}`,
      mediaType: 'application/json',
      findings: [{ path: '/password' }],
      hints: [],
    });
    const policy = {
      rules: [{ id: 'c', match: { type: 'key', name: 'customer' }, action: 'drop' }],
      builtIn: {},
    } as const;
    expect(redactor.test('customer: y\npassword: x', policy)).toMatchObject({
      text: `customer: \npassword: ${MASK}`,
      mediaType: 'text/plain',
      findings: [{ rule: 'c', start: 10, end: 10 }, { rule: 'label' }],
    });
    expect(redactor.text('customer: y')).toBe('customer: y');
    expect(redactor.hitCounts().size).toBe(0);
  });
});

describe('an explanation', () => {
  const redactor = testRedactor({ knownSecrets: new Set(['wonderland']) });
  const found = ({ steps }: Explanation): string[] => steps.filter((step) => step.found).map(({ rule }) => rule);

  it.each([
    ['password', 'x', ['key-name']],
    ['', 'Authorization: Bearer abc1', ['label', 'auth-scheme']],
    ['note', 'in wonderland', ['known-value']],
    ['note', JWT, ['jwt']],
    ['url', 'https://u:p@h/?token=1', ['url-userinfo', 'url-query']],
  ])('tells which rules hide %j: %j', (key, value, rules) => {
    const explanation = redactor.explain(key, value);
    expect(explanation.isHidden).toBe(true);
    expect(found(explanation)).toEqual(rules);
  });

  it('tells of every rule why it found nothing', () => {
    const explanation = redactor.explain('token_type', 'bearer');
    expect(explanation.isHidden).toBe(false);
    expect(explanation.steps).toHaveLength(redactor.rules().length);
    for (const { found: isFound, why } of explanation.steps) {
      expect(isFound).toBe(false);
      expect(why).toMatch(/^[A-Z].*\.$/);
    }
    const why = new Map(explanation.steps.map((step) => [step.rule, step.why]));
    expect(why.get('key-name')).toContain('about a secret only');
    expect(why.get('email')).toBe('It is turned off.');
  });

  it('names a rule of the user', () => {
    const mine = testRedactor({
      policy: { rules: [{ id: 'c', match: { type: 'key', name: 'customer' }, action: 'mask' }], builtIn: {} },
    });
    expect(found(mine.explain('customerName', 'x'))).toEqual(['c']);
    expect(mine.explain('customerName', MASK).isHidden).toBe(true);
  });
});

describe('revealing', () => {
  it('tells a listener what is hidden until it is told to stop', () => {
    const redactor = testRedactor();
    const heard: [string, string][] = [];
    redactor.payload(rawPayload('{"password":"unheard"}'));
    redactor.reveal((hash, secret) => heard.push([hash, secret]));
    const { findings } = redactor.payload(rawPayload('{"password":"heard"}'));
    redactor.text('password: heard, too');
    redactor.test('password: unheard');
    redactor.reveal(null);
    redactor.text('password: unheard');
    expect(heard).toEqual([
      [findings[0]?.hash, 'heard'],
      [expect.stringMatching(/^[0-9a-f]{16}$/), 'heard, too'],
    ]);
  });
});
