import { addHit } from '../hits.ts';
import { eachOccurrence } from './rule.ts';
import type { TextRule } from './rule.ts';

/** Shorter values would be found inside ordinary words. */
const SHORTEST = 8;

/** Exact values that the gateway itself knows, as they are, percent-encoded and in base64 (R18). */
export function createKnownSecretsRule(secrets: readonly string[]): TextRule {
  const forms = new Map<string, string>();
  for (const secret of secrets) {
    if (secret.length >= SHORTEST) for (const form of formsOf(secret)) forms.set(form, secret);
  }
  return (text, { gaps }, hits) => {
    for (const [form, secret] of forms) {
      eachOccurrence(text, form, gaps, (start) => {
        const end = start + form.length;
        addHit(hits, text, { start, end }, { rule: 'known-value', kind: 'known-value', secret });
        return end;
      });
    }
  };
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}
