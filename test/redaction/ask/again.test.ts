import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RedactionPolicy, UserRule } from '../../../src/shared/domain/redaction.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import { MASK, rawPayload, rawSpan, testRedactor } from '../masked.ts';

const NOTHING: RedactionPolicy = { rules: [], builtIn: {} };

function having(...rules: UserRule[]): RedactionPolicy {
  return { rules, builtIn: {} };
}

function keyRule(name: string, action: UserRule['action'] = 'mask'): UserRule {
  return { id: `hide-${name}`, match: { type: 'key', name }, action };
}

const DOCUMENT = JSON.stringify({
  customer: 'c-12345678901',
  note: 'token=abc and customer c-12345678901, key-of: x',
  url: 'https://u:p@h/?token=1&customer=2',
  inner: JSON.stringify({ password: 'S', customer: 'c-12345678901' }),
});

describe('redacting again', () => {
  it('R28: hides what new rules hide, keeps what was hidden, and moves its findings', () => {
    const redactor = testRedactor();
    const once = redactor.payload(rawPayload(DOCUMENT));
    expect(redactor.payloadAgain(once)).toBe(once);
    redactor.apply(having(keyRule('customer')));
    const again = redactor.payloadAgain(once);
    expect(JSON.parse(again.text)).toEqual({
      customer: MASK,
      note: `token=${MASK}`,
      url: `https://${MASK}@h/?token=${MASK}&customer=${MASK}`,
      inner: `{"password":"${MASK}","customer":"${MASK}"}`,
    });
    const values = JSON.parse(again.text) as Record<string, string>;
    for (const { path, start, end } of again.findings) expect(values[path.slice(1)]?.slice(start, end)).toBe(MASK);
    expect(again.findings.slice(0, once.findings.length).map(({ rule, hash }) => [rule, hash])).toEqual(
      once.findings.map(({ rule, hash }) => [rule, hash]),
    );
    expect(again.findings).toHaveLength(once.findings.length + 3);
    expect(redactor.payloadAgain(again)).toBe(again);
  });

  it('R28: finds the old masks behind new ones', () => {
    const redactor = testRedactor();
    const once = redactor.payload(rawPayload('{"a":"https://h/?customer=2&x=1&token=1&customer=3"}'));
    redactor.apply(having(keyRule('customer')));
    const again = redactor.payloadAgain(once);
    const { a } = JSON.parse(again.text) as { a: string };
    expect(a).toBe(`https://h/?customer=${MASK}&x=1&token=${MASK}&customer=${MASK}`);
    expect(again.findings.map(({ start, end }) => a.slice(start - 6, end))).toEqual([
      `token=${MASK}`,
      `tomer=${MASK}`,
      `tomer=${MASK}`,
    ]);
  });

  it('R28: shows nothing again when rules are loosened or taken away', () => {
    const redactor = testRedactor({ policy: having(keyRule('customer')) });
    const once = redactor.payload(rawPayload(DOCUMENT));
    for (const policy of [NOTHING, having(keyRule('customer', 'partial')), having(keyRule('customer', 'hash'))]) {
      redactor.apply(policy);
      expect(redactor.payloadAgain(once)).toBe(once);
    }
  });

  it.each<[UserRule['action'], UserRule['action'], string]>([
    ['partial', 'mask', `"${MASK}"`],
    ['partial', 'hash', '"•••#HASH"'],
    ['partial', 'drop', '""'],
    ['hash', 'mask', `"${MASK}"`],
    ['hash', 'partial', '"•••#HASH"'],
    ['mask', 'drop', '""'],
    ['mask', 'hash', `"${MASK}"`],
    ['drop', 'mask', '""'],
  ])('R28: what stood as %s and is to be %s now takes the stricter form', (before, now, expected) => {
    const redactor = testRedactor({ policy: having(keyRule('customer', before)) });
    const text =
      '{"customer":"c-12345678901","b":[{"customer":"c-12345678901 and more"}],"t":"x customer=abcdefghijklm, y=1"}';
    const once = redactor.payload(rawPayload(text));
    redactor.apply(having(keyRule('customer', now)));
    const again = redactor.payloadAgain(once);
    const form = expected.replace('HASH', once.findings[0]?.hash.slice(0, 8) ?? '');
    expect(again.text.startsWith(`{"customer":${form},`)).toBe(true);
    expect(again.findings.map(({ hash }) => hash)).toEqual(once.findings.map(({ hash }) => hash));
    const { customer, b, t } = JSON.parse(again.text) as { customer: string; b: [{ customer: string }]; t: string };
    const values: Record<string, string> = { '/customer': customer, '/b/0/customer': b[0].customer, '/t': t };
    for (const { path, start, end } of again.findings)
      expect(values[path]?.slice(start, end)).toMatch(/^(?:|•••|•••#[0-9a-f]{8})$/);
    expect(redactor.payloadAgain(again)).toBe(again);
    const span = testRedactor({ policy: having(keyRule('customer', before)) }).span(
      rawSpan({ attributes: { customer: 'c-12345678901', list: ['customer: c-12345678901'] } }),
    );
    const spanAgain = redactor.spanAgain(span);
    expect(JSON.stringify(spanAgain.attributes.customer)).toBe(form);
    expect(redactor.spanAgain(spanAgain)).toBe(spanAgain);
  });

  it('R28: reads every text of a span, and its names', () => {
    const redactor = testRedactor();
    const time = unixNano(1n);
    const once = redactor.span(
      rawSpan({
        name: 'call c-77',
        status: { code: 'error', message: 'password: x\nc-77 failed' },
        attributes: { 'a.c-77': 'token=x', list: ['c-77', 'x'], 'mcp.session.id': '0123456789ab' },
        events: [{ name: 'c-77', time, attributes: { 'exception.message': 'token=1&b=c-77' } }],
      }),
    );
    expect(redactor.spanAgain(once)).toBe(once);
    redactor.apply({ rules: [{ id: 'c', match: { type: 'pattern', pattern: 'c-77' }, action: 'hash' }], builtIn: {} });
    const again = redactor.spanAgain(once);
    const hash = `${MASK}#${again.findings.at(-1)?.hash.slice(0, 8)}`;
    expect(again).toMatchObject({
      name: `call ${hash}`,
      status: { message: `password: ${MASK}\n${hash} failed` },
      attributes: { [`a.${hash}`]: `token=${MASK}`, list: [hash, 'x'], 'mcp.session.id': '0123456789ab' },
      events: [{ name: hash, attributes: { 'exception.message': `token=${MASK}&b=${hash}` } }],
    });
    expect(again.findings.find(({ rule, path }) => rule !== 'c' && path.startsWith('/attributes'))?.path).toBe(
      `/attributes/a.${hash}`,
    );
    expect(redactor.spanAgain(again)).toBe(again);
  });

  it('R28: reads bodies that are no JSON, and what is left of long ones', () => {
    const small = testRedactor({ limits: { payloadBytes: 200 } });
    const plain = small.payload(rawPayload('password: x\ncustomer 12', 'text/plain'));
    const cut = small.payload(rawPayload(JSON.stringify({ list: 'customer 12'.repeat(100) })));
    expect(cut.truncated).toBe(true);
    small.apply({ rules: [{ id: 'c', match: { type: 'pattern', pattern: 'customer' }, action: 'mask' }], builtIn: {} });
    expect(small.payloadAgain(plain).text).toBe(`password: ${MASK}\n${MASK} 12`);
    expect(small.payloadAgain(cut).text).not.toContain('customer');
    expect(small.payloadAgain(cut)).toMatchObject({ truncated: true, originalBytes: cut.originalBytes });
    expect(JSON.parse(small.payloadAgain(cut).text)).toMatchObject({ _truncated: true });
  });

  it('R28: changes nothing under the same rules, whatever was redacted and wherever it was cut', () => {
    const redactor = testRedactor();
    const small = testRedactor({ limits: { payloadBytes: 300, attributeLength: 60, exceptionLength: 40, url: 50 } });
    const words = fc.constantFrom(
      'password',
      'token=',
      ': ',
      '"',
      '{',
      '}',
      ',',
      'https://u:p@h/?',
      '&',
      ' x',
      '\n',
      'Bearer ab1',
      '--key ',
      ' 4111111111111111 ',
      '[',
      ']',
      'value',
      'name',
      '\\',
      '•',
    );
    const text = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(''));
    const names = fc.constantFrom('password', 'a', 'customer', 'header', 'list of', 'token_type', '4111111111111111');
    fc.assert(
      fc.property(text, fc.jsonValue(), names, (noise, value, key) => {
        for (const by of [redactor, small]) {
          const json = by.payload(
            rawPayload(JSON.stringify({ [key]: noise, value, list: [noise, { name: key, value: noise }] })),
          );
          expect(by.payloadAgain(json)).toBe(json);
          const plain = by.payload(rawPayload(noise, 'text/plain'));
          expect(by.payloadAgain(plain)).toBe(plain);
          const span = by.span(rawSpan({ name: noise, attributes: { [key]: noise, list: [noise] } }));
          expect(by.spanAgain(span)).toBe(span);
        }
      }),
      { numRuns: 600, seed: 20_261_123 },
    );
  });
});
