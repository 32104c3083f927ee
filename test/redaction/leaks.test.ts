import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../src/shared/domain/span.ts';
import { maskedJson, rawSpan, testRedactor } from './masked.ts';

/** Texts in which redactors of other gateways have been seen to leave a secret (each S plus a digit). */
const LEAKY_TEXTS = [
  'ValueError: no way password=S1 at https://u:S2@h/x?api_key=S3',
  'boom token=S1',
  '{"password":"S1"}',
  '{"text":"{\\"password\\":\\"S1\\"}"}',
  'Authorization: Token S1',
  'Authorization: ApiKey S1',
  'Authorization: Digest username="S1", response="S2"',
  'password: correct S1 battery',
  'Cookie: a=1; sid=S1',
  'x_api_key=S1',
  'my_token=S1',
  'OPENAI_API_KEY=S1',
  'aws_secret_access_key = S1',
  'passwd=S1',
  'postgres://u:S1@h',
  'wss://u:S1@h',
  'redis://:S1@h',
  'https://h/?X-Amz-Signature=S1&sig=S2&code=S3',
  'Basic user:S1',
  'Bearer a|S1',
  'https://h/cb#access_token=S1',
  'X-Api-Key: S1',
  'client-secret=S1',
  'bearer S1',
];

describe('what leaked elsewhere', () => {
  const redactor = testRedactor();

  it.each(LEAKY_TEXTS)('does not leak here: %s', (text) => {
    const values: readonly AttributeValue[] = Object.values(
      redactor.span(rawSpan({ attributes: { a: text, 'webhook.url': text, list: [text] } })).attributes,
    );
    for (const value of [...values, redactor.text(text), maskedJson({ note: text, [text]: 1 })])
      expect(JSON.stringify(value)).not.toMatch(/S\d/);
  });

  it.each([
    'key=S1',
    'x_api_key=S1',
    'apiKeyTavily=S1',
    'pwd=S1',
    'auth=S1',
    'code=S1',
    'session_token=S1',
    'sig=S1',
    '%74oken=S1',
  ])('R1: does not leak from an attribute that is a query: %s', (query) => {
    for (const key of ['url.query', 'http.query', 'query_string']) {
      const { attributes } = redactor.span(rawSpan({ attributes: { [key]: query } }));
      expect(attributes[key]).not.toContain('S1');
    }
  });
});
