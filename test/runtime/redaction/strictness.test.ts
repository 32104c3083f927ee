import { describe, expect, it } from 'vitest';
import { fingerprintOf, isStricter } from '../../../src/runtime/redaction/strictness.ts';
import type { RuleView } from '../../../src/shared/domain/redaction.ts';

function rule(overrides: Partial<RuleView> = {}): RuleView {
  return {
    id: 'one',
    group: 'yours',
    title: '',
    explanation: '',
    isOn: true,
    canBeTurnedOff: true,
    action: 'mask',
    match: { type: 'key', name: 'iban' },
    ...overrides,
  };
}

describe('rules are stricter than others', () => {
  it.each([
    ['with one more', [], [rule()], true],
    ['with one that is turned on', [rule({ isOn: false })], [rule()], true],
    ['with one that looks at something else', [rule()], [rule({ match: { type: 'key', name: 'bic' } })], true],
    ['with one that leaves less', [rule({ action: 'partial' })], [rule({ action: 'hash' })], true],
    ['not when they are the same', [rule()], [rule()], false],
    ['not with one less', [rule()], [], false],
    ['not with one turned off', [rule()], [rule({ isOn: false })], false],
    ['not with one more that is off', [], [rule({ isOn: false })], false],
    ['not with one that leaves more', [rule({ action: 'drop' })], [rule({ action: 'mask' })], false],
  ])('%s', (_what, before, after, expected) => {
    expect(isStricter(before, after)).toBe(expected);
  });
});

describe('the fingerprint of rules', () => {
  it('tells rules apart, whatever is turned off', () => {
    const one = fingerprintOf([rule()]);
    expect(fingerprintOf([rule(), rule({ id: 'off', isOn: false })])).toBe(one);
    expect(fingerprintOf([rule({ action: 'hash' })])).not.toBe(one);
    expect(fingerprintOf([rule({ match: { type: 'key', name: 'bic' } })])).not.toBe(one);
  });

  it('says nothing of the text that a rule hides', () => {
    const of = (value: string): string => fingerprintOf([rule({ match: { type: 'value', value } })]);
    expect(of('secret-1')).toBe(of('secret-2'));
    expect(of('secret-1')).not.toBe(of('secret-12'));
  });
});
