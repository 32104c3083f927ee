import { describe, expect, it } from 'vitest';
import { readConfig, readHomeConfig } from '../../../src/runtime/config/load-config.ts';
import { createMemoryVault } from '../../../src/runtime/secrets/memory-vault.ts';
import { referenceTo, ruleSecretKey, secretKey } from '../../../src/runtime/secrets/secret-reference.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { DEFAULT_POLICY } from '../../../src/shared/domain/redaction.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';

const FILE = '/etc/throughline/config.json';

function read(redaction: unknown, environment: Record<string, string> = {}) {
  return readConfig(FILE, JSON.stringify({ redaction }, null, 2), environment).redaction;
}

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
  throw new Error('It was read.');
}

const rule = (match: unknown, more: object = {}): unknown => ({ id: 'mine', match, ...more });

describe('the rules of a config file', () => {
  it('are none when nothing is written', () => {
    expect(read(undefined)).toEqual({ written: DEFAULT_POLICY, resolved: DEFAULT_POLICY });
    expect(read({}).resolved).toEqual(DEFAULT_POLICY);
  });

  it('mask unless they say otherwise, and change built-in rules by their id', () => {
    const { resolved } = read({
      rules: [
        rule({ type: 'key', name: 'iban' }),
        rule({ type: 'pattern', pattern: 'T-([0-9]+)' }, { id: 'b', action: 'drop' }),
      ],
      builtIn: { email: { enabled: true } },
    });
    expect(resolved).toEqual({
      rules: [
        { id: 'mine', match: { type: 'key', name: 'iban' }, action: 'mask' },
        { id: 'b', match: { type: 'pattern', pattern: 'T-([0-9]+)' }, action: 'drop' },
      ],
      builtIn: { email: { enabled: true } },
    });
  });

  it.each([
    [
      'a key that there is not',
      { rule: [] },
      /line 3, column 5: unknown key "rule" \(in redaction\)\. Known keys: rules, builtIn/,
    ],
    ['no list', { rules: {} }, /line 3, column \d+: redaction\.rules: write a list of rules/],
    ['a rule without id', { rules: [{ match: {} }] }, /line 4, column \d+: redaction\.rules\.0\.id/],
    [
      'a rule of a type that there is not',
      { rules: [rule({ type: 'words' })] },
      /line 6, column \d+: write "type": one of key, path, header, value, pattern/,
    ],
    [
      'a rule without what it looks at',
      { rules: [rule({ type: 'key' })] },
      /line 6, column \d+: redaction\.rules\.0\.match\.name/,
    ],
    [
      'a misspelt key in a match',
      { rules: [rule({ type: 'key', nam: 'x' })] },
      /line 8, column \d+: unknown key "nam" .* Known keys: type, name/,
    ],
    [
      'an action that there is not',
      { rules: [rule({ type: 'key', name: 'x' }, { action: 'blur' })] },
      /line 10, column \d+: redaction\.rules\.0\.action: write "mask"/,
    ],
    [
      'two rules of one id',
      { rules: [rule({ type: 'key', name: 'x' }), rule({ type: 'key', name: 'y' })] },
      /line 12, column \d+: there are two rules "mine"/,
    ],
    [
      'a pattern that cannot be used',
      { rules: [rule({ type: 'pattern', pattern: '(' })] },
      /line 6, column \d+: .*mine/,
    ],
    [
      'a rule with the id of a built-in one',
      { rules: [rule({ type: 'key', name: 'x' }, { id: 'jwt' })] },
      /line \d+, column \d+: .*jwt/,
    ],
    ['a built-in rule that there is not', { builtIn: { jtw: { enabled: false } } }, /line 4, column \d+: .*jtw/],
    [
      'a built-in rule that stays on',
      { builtIn: { 'key-name': { enabled: false } } },
      /line 4, column \d+: .*key-name/,
    ],
    [
      'a text that is too short',
      { rules: [rule({ type: 'value', value: 'abc' })] },
      /line 6, column \d+: the text that rule "mine" hides has less than 4 characters/,
    ],
    [
      'a variable that is not set',
      { rules: [rule({ type: 'value', value: '${NOPE}' })] },
      /line 6, column \d+: the environment variable NOPE is not set/,
    ],
  ])('are refused for %s, with the place', (_what, redaction, sentence) => {
    const refusal = refusalOf(() => read(redaction));
    expect(refusal).toMatch(sentence);
    expect(refusal.startsWith(FILE)).toBe(true);
  });

  it('never quote the text that a rule hides', () => {
    const rules = [rule({ type: 'value', value: 'plum-kettle' }, { action: 'blur' })];
    expect(refusalOf(() => read({ rules }))).not.toContain('plum');
  });

  it('follow a variable, and keep the reference as it is written', () => {
    const { written, resolved } = read(
      { rules: [rule({ type: 'value', value: '${env:NAME}' })] },
      { NAME: 'plum-kettle' },
    );
    expect(written.rules[0]?.match).toEqual({ type: 'value', value: '${env:NAME}' });
    expect(resolved.rules[0]?.match).toEqual({ type: 'value', value: 'plum-kettle' });
  });
});

describe("the rules of the app's own file", () => {
  const own = referenceTo(ruleSecretKey('mine'));
  const withValue = (value: string): string =>
    JSON.stringify({ redaction: { rules: [rule({ type: 'value', value })] } });

  it('S13: follow a reference to a text that is kept apart', async () => {
    const vault = createMemoryVault();
    await vault.change({ put: new Map([[ruleSecretKey('mine'), 'plum-kettle']]) });
    const { config } = readHomeConfig(FILE, withValue(own), { environment: {}, secrets: vault });
    expect(config.redaction.resolved.rules[0]?.match).toEqual({ type: 'value', value: 'plum-kettle' });
    expect(config.redaction.written.rules[0]?.match).toEqual({ type: 'value', value: own });
  });

  it("keep the gateway from starting when the text cannot be had, or the secret is a server's", () => {
    const sources = { environment: {}, secrets: createMemoryVault() };
    expect(refusalOf(() => readHomeConfig(FILE, withValue(own), sources))).toContain('is not kept any more');
    const unreadable = { get: () => 'unreadable' as const };
    expect(refusalOf(() => readHomeConfig(FILE, withValue(own), { environment: {}, secrets: unreadable }))).toContain(
      'only the desktop app can use',
    );
    const foreign = referenceTo(secretKey('search' as ServerId, 'headers', 'X-Key'));
    expect(refusalOf(() => readHomeConfig(FILE, withValue(foreign), sources))).toContain('not its own');
    expect(refusalOf(() => readConfig(FILE, withValue(own), {}))).toContain('Write ${NAME}');
  });
});
