import { describe, expect, it } from 'vitest';
import { SHAPES } from '../../../../src/redaction/rules/shapes/all-shapes.ts';
import { MASK, rawPayload, testEngine, testRedactor } from '../../masked.ts';
import { HARMLESS, JWT, NEAR_MISSES, PARTS, SECRETS, pem } from './samples.ts';

const EVERYTHING_ON = { builtIn: Object.fromEntries(SHAPES.map(({ id }) => [id, { enabled: true }])) };
const { engine, screen } = testEngine(new Set(), EVERYTHING_ON);
const redactor = testRedactor({ policy: { rules: [], ...EVERYTHING_ON } });

const secrets = Object.entries(SECRETS).flatMap(([rule, texts]) => texts.map((text) => [rule, text] as const));
const nearMisses = Object.entries(NEAR_MISSES).flatMap(([rule, texts]) => texts.map((text) => [rule, text] as const));

describe('secrets that are known by their shape', () => {
  it('have samples and near misses, each of them', () => {
    const withSamples = [...Object.keys(SECRETS), ...PARTS.map(([rule]) => rule)];
    expect([...new Set(withSamples)].sort()).toEqual(SHAPES.map(({ id }) => id).sort());
    expect(Object.keys(NEAR_MISSES).sort()).toEqual(SHAPES.map(({ id }) => id).sort());
  });

  it.each(secrets)('R10: %s: %j is hidden whole, alone and among other text', (rule, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['see ', ' there'],
      ['a\n', '\nb'],
      ['(', ')'],
      ['"', '"'],
      ['x=', ', y'],
      ['https://h/p/', '/q'],
    ] as const) {
      const hits = engine.findInText(before + secret + after);
      const found = hits.filter((hit) => hit.start <= before.length && hit.end >= before.length + secret.length);
      // A `/` belongs to base64 and so to some of them.
      if (before === 'https://h/p/' && found.length === 0) continue;
      expect(
        found.map((hit) => hit.rule),
        JSON.stringify(before + secret + after),
      ).toEqual([rule]);
      expect(screen.isClearText(before + secret + after)).toBe(false);
    }
  });

  it.each(secrets)('R10: %s: %j is hidden in JSON, in JSON in it, and behind escapes', (_, secret) => {
    const inner = JSON.stringify({ note: `first\n${secret}\tlast` });
    const document = JSON.stringify({ content: [{ text: `line\n${secret}` }, { text: inner }], [secret]: 1 });
    const safe = redactor.payload(rawPayload(document));
    for (const part of [secret, JSON.stringify(secret).slice(1, -1)]) expect(safe.text).not.toContain(part);
    expect(new Set(safe.findings.map(({ path }) => path.replace(/#$/, ''))).size).toBe(3);
    expect(redactor.payload({ ...rawPayload(document), isParsedJson: true })).toEqual(safe);
    expect(redactor.payload(rawPayload(safe.text)).text).toBe(safe.text);
  });

  it.each(PARTS)('R10: %s: of %j the secret part is hidden', (rule, text, part) => {
    const at = text.lastIndexOf(part);
    expect(engine.findInText(text)).toContainEqual(
      expect.objectContaining({ rule, start: at, end: at + part.length, replacement: MASK }),
    );
    expect(screen.isClearText(text)).toBe(false);
  });

  it.each(nearMisses)('R10: %s leaves %j as it is', (rule, text) => {
    for (const around of [text, `see ${text} there`, `"${text}"`])
      expect(engine.findInText(around).filter((hit) => hit.rule === rule)).toEqual([]);
  });

  it.each(HARMLESS)('R10: nothing is hidden in %j', (text) => {
    expect(testEngine().engine.findInText(text)).toEqual([]);
    expect(redactor.payload(rawPayload(JSON.stringify({ text }))).findings).toEqual([]);
  });

  it('R10: a number that is a card is hidden, another is not', () => {
    const { text } = redactor.payload(rawPayload('{"a":4111111111111111,"b":4111111111111112,"c":1763900000000}'));
    expect(text).toBe(`{"a":"${MASK}","b":4111111111111112,"c":1763900000000}`);
  });

  it('R10: stay hidden when they are percent-encoded around', () => {
    expect(engine.findInText(`next%3D${JWT}`)).toMatchObject([{ rule: 'jwt', start: 7 }]);
  });

  it('that are personal stay readable until the user wants them hidden', () => {
    const { engine: usual } = testEngine();
    for (const text of [...(SECRETS.email ?? []), ...(SECRETS.phone ?? []), ...(SECRETS.iban ?? [])])
      expect(usual.findInText(`see ${text} there`)).toEqual([]);
  });

  it('and are turned off stay readable', () => {
    const { engine: without, screen: clear } = testEngine(new Set(), { builtIn: { jwt: { enabled: false } } });
    expect(without.findInText(JWT)).toEqual([]);
    expect(clear.isClearText(JWT)).toBe(true);
    expect(without.findInText(pem('PRIVATE KEY'))).toHaveLength(1);
  });
});
