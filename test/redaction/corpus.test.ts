import { describe, expect, it } from 'vitest';
import { NOT_FOUND_GROUP, isHarmless, plantedSecrets, readCorpus, readGroup } from './corpus.ts';
import type { CorpusCase } from './corpus.ts';
import { leftReadable, redactCase, redactorFor } from './corpus-run.ts';

const corpus = readCorpus();

/** The leaks that were reproduced in the system that this gateway follows, and the patterns of cases that hold each. */
const LEAKS: Readonly<Record<string, readonly string[]>> = {
  'a: messages and stacks of exceptions': ['errors/exception', 'errors/python-traceback', 'errors/java-stack'],
  'b: parameters of a query': ['addresses/query-attribute', 'addresses/encoded-name'],
  'c: JSON in strings': ['json-in-strings/text-content', 'json-in-strings/twice-encoded', 'json-in-strings/log-line'],
  'd: schemes of Authorization': ['headers/authorization-line', 'headers/unknown-scheme', 'headers/header-map'],
  'e: values of several words': ['labels/several-words'],
  'f: second and later pairs of cookies': ['headers/cookie-line', 'headers/raw-request'],
  'g: names with a word in front': ['labels/assignment', 'files/dotenv'],
  'h: secrets without a label': ['shapes/jwt', 'shapes/github', 'shapes/openai', 'shapes/aws', 'shapes/pem'],
  'i: userinfo of any scheme': ['addresses/userinfo', 'addresses/userinfo-in-text'],
  'j: segments and signatures of addresses': ['shapes/in-path', 'addresses/presigned', 'addresses/oauth-redirect'],
  'k: credentials that are not encoded': ['headers/basic-in-prose', 'headers/bearer-in-prose'],
  'l: keys of documents': [
    'json-keys/camel-case',
    'json-keys/header-like',
    'json-keys/short-words',
    'json-keys/plural-words',
  ],
  'm: pairs': ['pairs/header-pair', 'pairs/name-value'],
  'n: fragments': ['addresses/fragment'],
  'o: names of attributes that sound like addresses': ['attribute-names/text-under-address-name'],
  'p: keys that are secrets': ['map-keys/shape-as-key', 'map-keys/address-as-key', 'map-keys/text-as-key'],
  'q: secrets in paths': ['shapes/in-path', 'known-values/in-path', 'attribute-names/plain-name'],
};

describe('the corpus', () => {
  it('has at least 400 cases, and at least 120 in which there is nothing to hide', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(400);
    expect(corpus.filter(isHarmless).length).toBeGreaterThanOrEqual(120);
  });

  it('has no more than five cases of one pattern', () => {
    const sizes = new Map<string, number>();
    for (const { pattern } of corpus) sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > 5)).toEqual([]);
  });

  it.each(Object.entries(LEAKS))('has several cases of the leak %s', (_leak, patterns) => {
    const sizes = patterns.map((pattern) => corpus.filter((each) => each.pattern === pattern).length);
    expect(sizes).not.toContain(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1);
  });

  it("has a hit and a near miss for every rule that is not the user's own", () => {
    const hit = new Set(corpus.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    const missed = new Set(corpus.filter(isHarmless).map(({ pattern }) => pattern));
    const rules = redactorFor({})
      .rules()
      .map(({ id }) => id);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((id) => !hit.has(id))).toEqual([]);
    expect(rules.filter((id) => !missed.has(`near-misses/${id}`))).toEqual([]);
  });

  it('leaves what is harmless as it is, byte for byte', () => {
    for (const { id, input, output } of corpus.filter(isHarmless)) expect([id, output]).toEqual([id, input]);
  });

  it('masks nothing but the secrets that were planted', () => {
    // Where line ends and colours are made harmless, more than the secrets differs.
    const whole = corpus.filter(({ options, input }) => options.policy === undefined && !/[\r\x1b]/.test(input));
    const unclear = whole.filter((each) => plantedSecrets(each) === null).map(({ id }) => id);
    expect(unclear).toEqual([]);
  });
});

function titled(cases: readonly CorpusCase[]): readonly (readonly [string, CorpusCase])[] {
  return cases.map((each) => [each.id, each]);
}

describe('every case', () => {
  it.each(titled(corpus))('%s comes out as it should', (_id, each) => {
    const { text, findings, masks } = redactCase(each, each.input);
    expect(text).toBe(each.output);
    expect(findings).toEqual(each.findings);
    // Where a finding points there is what stands in place of the secret.
    for (const mask of masks) expect(mask).toMatch(/^(?:•••.{0,9})?$/u);
    const again = redactCase(each, text);
    expect(again.text).toBe(each.output);
    expect(again.findings).toEqual([]);
  });

  it('that is one line is the same as a log line', () => {
    const lines = corpus.filter(({ options }) => options.as === 'text');
    expect(lines.length).toBeGreaterThan(10);
    for (const { id, input, output, options } of lines)
      expect([id, redactorFor(options).text(input)]).toEqual([id, output]);
  });
});

describe('what redaction cannot do', () => {
  it("is what docs/redaction.md says: what is in no rule's reach stays readable", () => {
    const found = readGroup(NOT_FOUND_GROUP).filter((each) => leftReadable(each).length === 0);
    expect(found.map(({ id }) => id)).toEqual([]);
  });
});
