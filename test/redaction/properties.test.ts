import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import type { Attributes } from '../../src/shared/domain/span.ts';
import { MASK, masked, rawPayload, rawSpan, testRedactor } from './masked.ts';

const redactor = testRedactor();
const small = testRedactor({ limits: { payloadBytes: 300, attributeLength: 60, exceptionLength: 40, url: 50 } });

const SECRET = 'zQ7_sentinel-9X';
const secretKeys = fc.constantFrom(
  'password',
  'x-api-key',
  'accessToken',
  'Authorization',
  'set-cookie',
  'client_secret',
);

/** Text that is full of what rules look for. */
const charged = fc
  .array(
    fc.oneof(
      fc.constantFrom('password', 'token', 'key', ': ', '=', '"', "'", '{', '}', '[', ']', ',', '\\', '://', '@', '?'),
      fc.constantFrom(
        '&',
        ';',
        '#',
        '%',
        '%74',
        'Bearer ',
        'Basic ',
        '--',
        ' ',
        '\n',
        '\u001b[0m',
        MASK,
        '😀',
        'https',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

function atPath(root: unknown, path: string): string {
  const isKey = path.endsWith('#');
  const segments = (isKey ? path.slice(0, -1) : path).split('/').slice(1);
  const names = segments.map((segment) => segment.replace(/~2$/, '#').replaceAll('~1', '/').replaceAll('~0', '~'));
  if (isKey) return names.at(-1) ?? '';
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], root) as string;
}

function expectMasks(root: unknown, findings: readonly Finding[]): void {
  for (const { path, start, end } of findings) expect(atPath(root, path).slice(start, end)).toBe(MASK);
}

describe('whatever is redacted', () => {
  it('nothing throws, and findings point at masks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), charged, charged, (value, text, key) => {
        const document = { value, text, [key]: [text] };
        const raw = JSON.stringify(document);
        const { text: kept, findings } = redactor.payload(rawPayload(raw));
        expectMasks(
          JSON.parse(kept),
          findings.filter(({ path }) => path.length < 128),
        );
        expectMasks(JSON.parse(small.payload(rawPayload(raw)).text), small.payload(rawPayload(raw)).findings);
        const safe = redactor.redact(document, { path: '' });
        expectMasks(
          safe.value,
          safe.findings.filter(({ path }) => path.length < 128),
        );
        redactor.text(text);
      }),
      { numRuns: 500 },
    );
  });

  it('spans keep their form, and findings point at masks', () => {
    const value = fc.oneof(charged, fc.double(), fc.boolean(), fc.array(charged), fc.array(fc.integer()));
    fc.assert(
      fc.property(fc.dictionary(charged, value), charged, (dictionary, text) => {
        for (const by of [redactor, small]) {
          const attributes = { ...dictionary } as Attributes;
          const span = by.span(rawSpan({ name: text, attributes, status: { code: 'error', message: text } }));
          expectMasks(span, span.findings);
          expect(Object.keys(span.attributes)).toHaveLength(Object.keys(attributes).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('JSON stays JSON of the same shape', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value !== 'object' || value === null) return null;
      return Object.entries(value).map(([, member]) => shape(member));
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const raw = JSON.stringify(value);
        expect(shape(JSON.parse(redactor.payload(rawPayload(raw)).text))).toEqual(shape(JSON.parse(raw)));
      }),
    );
  });

  it('what is not JSON may be anything, and stays under its limit', () => {
    fc.assert(
      fc.property(charged, (text) => {
        for (const type of ['application/json', 'text/plain']) {
          const { text: kept, mediaType, findings } = small.payload(rawPayload(text, type));
          expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(300);
          if (mediaType === 'application/json') expectMasks(JSON.parse(kept), findings);
          else for (const { start, end } of findings) expect(kept.slice(start, end)).toBe(MASK);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('redacting twice hides nothing more of a JSON document', () => {
    fc.assert(
      fc.property(fc.jsonValue(), secretKeys, fc.jsonValue(), (value, key, secret) => {
        const once = redactor.payload(rawPayload(JSON.stringify({ value, [key]: secret }))).text;
        expect(redactor.payload(rawPayload(once)).text).toBe(once);
      }),
    );
  });
});

describe('a secret under a sensitive key', () => {
  const wrappings: readonly ((key: string, secret: string) => unknown)[] = [
    (key, secret) => ({ [key]: secret }),
    (key, secret) => ({ [key]: { inner: [secret] } }),
    (key, secret) => ({ name: key, value: secret }),
    (key, secret) => ({ value: { deep: secret }, key }),
    (key, secret) => [key, secret],
    (key, secret) => `${key}: ${secret}`,
    (key, secret) => `${key}="two words ${secret}"`,
    (key, secret) => `https://h/p?a=1&${key}=${secret}&b=2`,
    (key, secret) => `https://h/p#${encodeURIComponent(key)}=${encodeURIComponent(secret)}`,
    (key, secret) => ['run', `--${key}`, secret],
    (key, secret) => ({ headers: ['Accept', '*/*', key, secret] }),
    (key, secret) => `logged ${JSON.stringify({ [key]: secret })} here`,
  ];

  it('survives nowhere, however deep it is wrapped and encoded', () => {
    const steps = fc.array(fc.constantFrom('object', 'array', 'string'), { maxLength: 6 });
    fc.assert(
      fc.property(secretKeys, fc.nat(wrappings.length - 1), steps, charged, (key, wrapping, path, noise) => {
        let value = wrappings[wrapping]?.(key, SECRET);
        for (const step of path) {
          if (step === 'object') value = { noise, value_of: value };
          else if (step === 'array') value = [noise, value];
          else value = JSON.stringify(value);
        }
        const raw = JSON.stringify({ params: value });
        expect(redactor.payload(rawPayload(raw)).text).not.toContain(SECRET);
        expect(small.payload(rawPayload(raw)).text).not.toContain(SECRET.slice(0, 8));
        expect(JSON.stringify(redactor.redact({ params: value }, { path: '' }))).not.toContain(SECRET);
        expect(masked(raw)).not.toContain(SECRET);
      }),
      { numRuns: 1_000 },
    );
  });
});
