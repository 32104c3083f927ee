import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../src/redaction/json-tree.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { secretKind, secretParameterKind } from '../../../src/redaction/rules/key-name.ts';
import type { RedactionPolicy } from '../../../src/shared/domain/redaction.ts';
import type { SpanId, TraceId } from '../../../src/shared/domain/ids.ts';
import { SECRETS as SECRETS_BY_SHAPE, PARTS } from '../rules/shapes/samples.ts';
import { testEngine } from '../masked.ts';

const SECRETS = new Set(['Zq9/vRt+4kLm"x', 'Geheimnis-ä-Wort', '密碼密碼密碼密碼', 'shh', '90210902']);
const NO_SECRETS = new Set<string>();

/** Half of them belong to names of secrets, the others look like it or stand beside them. */
const WORDS =
  `password passwd pwd pswd passphrase passcode secret token tokens jwt bearer credential creds authorization
  cookie signature apikey privatekey privkey sessionid sessid jsessionid api access account auth service shared storage
  subscription key keys private signing encryption master ssh pgp gpg session id x proxy code recovery backup verification
  connection string pass phrase word db user smtp ftp admin root login userpass accesskey sig hmac ticket otp pin sid
  customer number tenant headers monkey author keyboard type count input name value values val header hello basic properties inputSchema`
    .split(/\s+/)
    .filter((word) => word !== '');

const SEPARATORS = [
  '',
  ' ',
  '_',
  '-',
  '.',
  ': ',
  '=',
  '":"',
  '" : "',
  '&',
  '?',
  '#',
  '://',
  '@',
  '--',
  '\n',
  '\t',
  '\\',
];
const MARKS = [
  '{"',
  '{',
  '}',
  '[',
  ']',
  '["',
  '"',
  "'",
  ',',
  '%41',
  '%3D',
  '%2574',
  '\\u0074',
  '\\"',
  '\u212a',
  'ü',
  '\u001b[0m',
];

const SHAPED = [...Object.values(SECRETS_BY_SHAPE).flat(), ...PARTS.map(([, text]) => text)];

const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(...WORDS).map((text) => text.toUpperCase()),
  fc.constantFrom(...WORDS).map((text) => text.replace(/^./, (letter) => letter.toUpperCase())),
  fc.constantFrom(...WORDS).map((text) => text.replace(/k/i, '\u212a')),
  fc.constantFrom(...WORDS).map((text) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`),
  fc.constantFrom(...WORDS).map((text) => text.replace(/k/i, '%E2%84%AA')),
  fc.constantFrom('x7Gq', 'hunter2', '12345678', 'dXNlcjpwYXNz', ...SECRETS),
  fc.constantFrom(...SHAPED),
  fc.tuple(fc.constantFrom(...SHAPED), fc.nat(60)).map(([secret, length]) => secret.slice(0, length)),
);

/** Rules of each sort, and all shapes on. */
const POLICY: RedactionPolicy = {
  rules: [
    { id: 'a', match: { type: 'key', name: 'customer number' }, action: 'partial' },
    { id: 'b', match: { type: 'path', path: '$.**.hello.*' }, action: 'hash' },
    { id: 'c', match: { type: 'header', name: 'X-Tenant' }, action: 'mask' },
    { id: 'd', match: { type: 'value', value: 'x7Gq' }, action: 'drop' },
  ],
  builtIn: { email: { enabled: true }, phone: { enabled: true }, iban: { enabled: true } },
};

const piece = fc.oneof({ weight: 4, arbitrary: word }, fc.constantFrom(...SEPARATORS), fc.constantFrom(...MARKS));
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const quietText = fc.array(
  fc.constantFrom('hello', ' ', 'key', '{"a":1}', '=', '@', 'value', '"', '"val', '{"', ':', 'x'),
);

const json = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.constantFrom(true, null, 90210902),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      fc.tuple(text, tie('value')).map(([name, value]) => ({ name, value })),
      tie('value').map((value) => JSON.stringify(value)),
      tie('value').map((value) => JSON.stringify(value).slice(0, -1)),
    ),
  }))
  .value.map((value) => JSON.stringify(value));

const ids = { traceId: '1'.repeat(32) as TraceId, spanId: '2'.repeat(16) as SpanId, direction: 'request' } as const;

describe('the screen in front of the rules', () => {
  it('calls no text clear in which a rule finds something', () => {
    const { engine, screen } = testEngine(SECRETS);
    const { engine: plainEngine, screen: plain } = testEngine(NO_SECRETS);
    const { engine: userEngine, screen: ofUser } = testEngine(NO_SECRETS, POLICY);
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          json,
          quietText.map((pieces) => pieces.join('')),
        ),
        (given) => {
          if (screen.isClearText(given)) expect(engine.findInText(given)).toEqual([]);
          if (plain.isClearText(given)) expect(plainEngine.findInText(given)).toEqual([]);
          if (ofUser.isClearText(given)) expect(userEngine.findInText(given)).toEqual([]);
        },
      ),
      { numRuns: 4_000 },
    );
  });

  it('calls no document clear in which a rule marks something', () => {
    const screens = [testEngine(SECRETS), testEngine(NO_SECRETS), testEngine(NO_SECRETS, POLICY)];
    fc.assert(
      fc.property(json, (document) => {
        for (const { screen, engine } of screens) {
          if (!screen.jsonVerdict(document).isClear) continue;
          const { root, isComplete } = readJson(document, 0);
          expect(isComplete && root !== null && !engine.markTree(root)).toBe(true);
        }
      }),
      { numRuns: 4_000 },
    );
  });

  it.each([
    'p%61ssword: x7Gq',
    'P%41SSWORD: x7Gq',
    '%70assword: x7Gq',
    '%50assword: x7Gq',
    'to%E2%84%AAen: x7Gq',
    'to\u212aen: x7Gq',
    'ap%C4%B0_key: x7Gq',
    'ap\u0130_key: x7Gq',
    'ssh_key: x7Gq',
    'recovery code: x7Gq',
    'connection string: x7Gq',
    'redis://u:x7Gq@h',
    '/a?sig=x7Gq',
    'run {"value":"x7Gq',
    '{"a":{"\\u0070assword":"x7Gq"}}',
    '{"a":"{\\"value\\":\\"x7Gq"}',
    `{"a":${JSON.stringify([...SECRETS][0])}}`,
    '密碼密碼密碼密碼',
  ])('does not call %s clear, where one sign alone gives the secret away', (given) => {
    const { engine } = testEngine(SECRETS);
    const { root } = readJson(given, 0);
    const isDocument = given.startsWith('{') && root !== null;
    expect(isDocument ? engine.markTree(root) : engine.findInText(given).length > 0).toBe(true);
    const { screen } = testEngine(given.includes('x7Gq') ? NO_SECRETS : SECRETS);
    expect(isDocument ? screen.jsonVerdict(given).isClear : screen.isClearText(given)).toBe(false);
  });

  it('changes no captured body: one that was parsed before is redacted as any other', () => {
    const redactor = createRedactor({
      hashKey: Buffer.alloc(32, 1),
      knownSecrets: SECRETS,
      policy: POLICY,
      limits: { payloadBytes: 2_000 },
    });
    fc.assert(
      fc.property(json, (document) => {
        const payload = { ...ids, mediaType: 'application/json', text: document };
        expect(redactor.payload({ ...payload, isParsedJson: true })).toEqual(redactor.payload(payload));
      }),
      { numRuns: 2_000 },
    );
  });

  it('stops at every name that announces a secret', () => {
    const { screen } = testEngine(NO_SECRETS);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.constantFrom('_', '-', ' ', '2')), { minLength: 1, maxLength: 5 }),
        (parts) => {
          const name = parts.join('');
          if (secretKind(name) !== null) expect(screen.isClearText(name), name).toBe(false);
          if (secretParameterKind(name) !== null) expect(screen.isClearText(`?${name}=x`), name).toBe(false);
        },
      ),
      { numRuns: 4_000 },
    );
    for (const name of WORDS) if (secretKind(name) !== null) expect(screen.isClearText(name), name).toBe(false);
  });

  it('lets usual calls and attributes through, or it would be of no use', () => {
    const { screen } = testEngine(new Set(['kJ8s0dkq2LmZ7xPq']));
    const call = {
      name: 'echo',
      arguments: { message: 'hello 12', value: 7, key: 'a' },
      _meta: { traceparent: '00-1-2-01' },
    };
    const request = JSON.stringify({ jsonrpc: '2.0', id: 12, method: 'tools/call', params: call });
    const result = {
      content: [{ type: 'text', text: 'Line one\nhttps://example.com/a?b#c "quoted" é' }],
      isError: false,
    };
    expect(screen.jsonVerdict(request)).toEqual({ isClear: true, isAscii: true });
    expect(screen.jsonVerdict(JSON.stringify({ jsonrpc: '2.0', id: 12, result }))).toEqual({
      isClear: true,
      isAscii: false,
    });
    for (const value of [
      'POST',
      '/servers/{id}/mcp',
      '127.0.0.1',
      'node-bench/1 (linux)',
      'tool.invoke',
      'file:///a.txt',
    ])
      expect(screen.isClearText(value), value).toBe(true);
  });

  it('sees control characters in a text, and follows secrets that are learned later', () => {
    const known = new Set<string>();
    const { screen } = testEngine(known);
    for (const control of ['\u0007', '\r', '\u007f', '\u009b', '\u202e', '\u200f'])
      expect(screen.isClearText(`a${control}b`)).toBe(false);
    expect(screen.isClearText('a\tb\nc')).toBe(true);
    expect(screen.isClearText('learned-later')).toBe(true);
    known.add('learned-later');
    expect(screen.isClearText('learned-later')).toBe(false);
    expect(screen.jsonVerdict('["learned-later"]').isClear).toBe(false);
  });

  it('leaves what may be too deep to the rules', () => {
    const { screen } = testEngine(NO_SECRETS);
    expect(screen.jsonVerdict(`${'['.repeat(101)}${']'.repeat(101)}`).isClear).toBe(false);
    expect(screen.jsonVerdict(JSON.stringify(Array.from({ length: 20 }, () => [{}]))).isClear).toBe(true);
  });
});
