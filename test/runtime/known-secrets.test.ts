import { describe, expect, it } from 'vitest';
import { createKnownSecrets } from '../../src/runtime/known-secrets.ts';

function learned(env: Record<string, string>): readonly string[] {
  const secrets = createKnownSecrets([]);
  secrets.addFrom({ type: 'stdio', command: 'x', args: [], env, cwd: null });
  return [...secrets.values];
}

describe('the secrets the gateway was given', () => {
  it('R18: takes values that look like secrets, whatever their name', () => {
    expect(learned({ SETTING: 'f81d4fae-7dec' })).toEqual(['f81d4fae-7dec']);
  });

  it('R18: takes plain values under a sensitive name', () => {
    expect(learned({ DB_PASSWORD: 'correcthorse' })).toEqual(['correcthorse']);
  });

  it.each([
    ['a number', { MAX_TOKENS_LIMIT_PLAIN: '12345678' }],
    ['a boolean-like word', { FLAG: 'enabledall' }],
    ['a path', { DATA: '/var/lib/data' }],
    ['a short value', { PASSWORD: 'short' }],
  ])('R18: leaves %s alone', (_what, env) => {
    const [name = '', value = ''] = Object.entries(env)[0] ?? [];
    expect(learned({ [name.replace('TOKENS_LIMIT_', '')]: value })).toEqual([]);
  });

  it('R18: knows a credential with and without its scheme', () => {
    const secrets = createKnownSecrets([]);
    secrets.addFrom({ type: 'http', url: 'http://127.0.0.1/', headers: { Authorization: 'Bearer abc123def456' } });
    expect([...secrets.values]).toEqual(['Bearer abc123def456', 'abc123def456']);
  });
});
