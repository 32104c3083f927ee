import { describe, expect, it } from 'vitest';
import {
  draftForHint,
  draftForQuestion,
  draftOf,
  EMPTY_RULE,
  freeId,
  readRuleDraft,
  withBuiltIn,
  withoutRule,
  withRule,
} from '../../../renderer/model/rule-draft.ts';
import type { MatchType } from '../../../renderer/model/rule-draft.ts';
import { countRules, ruleSections } from '../../../renderer/model/rule-groups.ts';
import type { CountedRule } from '../../../src/shared/contract/messages.ts';
import { DEFAULT_POLICY } from '../../../src/shared/domain/redaction.ts';
import type { UserRule } from '../../../src/shared/domain/redaction.ts';
import { SAMPLE_RULES } from '../../support/sample-rules.ts';

const iban: UserRule = { id: 'iban', match: { type: 'key', name: 'iban' }, action: 'partial' };

describe('the form for a rule', () => {
  it.for(['key', 'path', 'header', 'value', 'pattern'] as const)('reads back a rule for a %s as it was', (type) => {
    const draft = { id: 'mine', type: type satisfies MatchType, text: '$.a.b', action: 'hash' as const };
    const read = readRuleDraft(draft, []);
    expect(read.ok && draftOf(read.value)).toEqual(draft);
  });

  it('takes names without the spaces around them, and texts and expressions with them', () => {
    const text = (type: MatchType) => {
      const read = readRuleDraft({ ...EMPTY_RULE, id: ' a ', type, text: ' abcd ' }, []);
      return read.ok && draftOf(read.value).text;
    };
    expect([text('key'), text('value'), text('pattern')]).toEqual(['abcd', ' abcd ', ' abcd ']);
  });

  it('says what is wrong beside what is wrong', () => {
    expect(readRuleDraft(EMPTY_RULE, [])).toMatchObject({
      ok: false,
      error: { id: expect.stringMatching(/^Give the rule an id/), text: 'Say what to hide.' },
    });
    expect(readRuleDraft(draftOf(iban), ['iban'])).toMatchObject({ error: { id: 'Another rule has this id.' } });
    expect(readRuleDraft({ ...draftOf(iban), id: 'a b' }, [])).toMatchObject({
      error: { id: expect.stringContaining('letters, digits, dots') },
    });
    expect(readRuleDraft({ ...EMPTY_RULE, id: 'v', type: 'value', text: 'abc' }, [])).toMatchObject({
      error: { text: 'A value has at least 4 characters.' },
    });
  });

  it('begins with what is suggested, under an id that is free', () => {
    const hint = { path: '', start: 0, end: 1, reason: 'entropy', sentence: '', suggestion: iban } as const;
    expect(draftForHint(hint, ['iban', 'iban-2'])).toEqual({ ...draftOf(iban), id: 'iban-3' });
    expect(draftForQuestion({ key: 'my key/№', value: 'x' }, [])).toMatchObject({ type: 'key', id: 'my-key-' });
    expect(draftForQuestion({ key: '', value: 'abcd' }, [])).toMatchObject({ type: 'value', text: 'abcd' });
    expect(freeId('x', [])).toBe('x');
  });
});

describe('rules in force', () => {
  it('are added, replaced in their place, and taken away', () => {
    const two = withRule(withRule(DEFAULT_POLICY, iban, null), { ...iban, id: 'second' }, null);
    const renamed = withRule(two, { ...iban, id: 'first' }, 'iban');
    expect(renamed.rules.map((rule) => rule.id)).toEqual(['first', 'second']);
    expect(withoutRule(renamed, 'first').rules.map((rule) => rule.id)).toEqual(['second']);
  });

  it('keep what was chosen before about a built-in rule', () => {
    const on = withBuiltIn(DEFAULT_POLICY, 'email', { enabled: true });
    expect(withBuiltIn(on, 'email', { action: 'hash' }).builtIn).toEqual({ email: { enabled: true, action: 'hash' } });
  });
});

describe('the list of rules', () => {
  const rules: readonly CountedRule[] = SAMPLE_RULES.map((rule, index) => ({ ...rule, hits: index }));

  it('is grouped, with a place for those of the user though there are none', () => {
    const sections = ruleSections(rules, '');
    expect(sections.map((section) => section.group)).toEqual([
      'yours',
      'names',
      'addresses',
      'shapes',
      'known',
      'personal',
      'limits',
    ]);
    expect(sections.flatMap((section) => section.rules)).toHaveLength(rules.length);
  });

  it('is searched by every word, and never by the text that a rule hides', () => {
    const found = (term: string) => ruleSections(rules, term).flatMap((section) => section.rules.map(({ id }) => id));
    expect(found('GITHUB token')).toEqual(['github-token']);
    expect(found('no such rule')).toEqual([]);
    const secret: CountedRule = {
      ...rules[0]!,
      id: 'mine',
      group: 'yours',
      match: { type: 'value', value: 'sesame' },
      hits: 0,
    };
    expect(ruleSections([secret], 'sesame')).toEqual([]);
  });

  it('is counted', () => {
    const on = SAMPLE_RULES.filter((rule) => rule.isOn).length;
    const hits = (rules.length * (rules.length - 1)) / 2;
    expect(countRules(rules)).toEqual({ on, all: rules.length, hits });
  });
});
