import { addHit } from '../hits.ts';
import type { TextRule } from './rule.ts';

/** Shorter values would be found inside ordinary words. */
const SHORTEST = 8;

/** Exact values that the gateway itself knows, as they are, percent-encoded and in base64 (R18). */
export function createKnownSecretsRule(secrets: readonly string[]): TextRule {
  const forms = new Map<string, string>();
  for (const secret of secrets) {
    if (secret.length >= SHORTEST) for (const form of formsOf(secret)) forms.set(form, secret);
  }
  return (text, from, to, hits) => {
    for (const [form, secret] of forms) {
      for (let at = text.indexOf(form, from); at !== -1 && at + form.length <= to;) {
        const end = at + form.length;
        addHit(hits, text, { start: at, end }, { rule: 'known-value', kind: 'known-value', secret });
        at = text.indexOf(form, end);
      }
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
