import { addHit } from '../hits.ts';
import { eachOccurrence } from './rule.ts';
import type { TextRule } from './rule.ts';

/** Shorter values would be found inside ordinary words. */
const SHORTEST = 8;

interface Form {
  readonly text: string;
  readonly secret: string;
  /** Characters in front and behind that carry bits of the secret as well: base64 does not end where a byte ends. */
  readonly before: number;
  readonly after: number;
}

/**
 * Exact values that the gateway itself knows, as they are, percent-encoded and in base64, there also as a part of a
 * longer value such as `user:password` (R18). The set is read again when it has grown or shrunk.
 */
export function createKnownSecretsRule(secrets: ReadonlySet<string>): TextRule {
  let forms: readonly Form[] = [];
  let formsOfSize = 0;
  return (text, { gaps }, hits) => {
    if (secrets.size !== formsOfSize) {
      forms = [...secrets].flatMap(formsOf);
      formsOfSize = secrets.size;
    }
    for (const { text: form, secret, before, after } of forms) {
      if (form.length > text.length) continue;
      eachOccurrence(text, form, gaps, (at) => {
        const start = Math.max(0, at - before);
        const end = Math.min(text.length, at + form.length + after);
        addHit(hits, text, { start, end }, { rule: 'known-value', kind: 'known-value', secret });
        return end;
      });
    }
  };
}

/** The texts in which the rule looks for a secret; none for one that is too short. */
export function formsOfSecret(secret: string): readonly string[] {
  return formsOf(secret).map((form) => form.text);
}

function formsOf(secret: string): readonly Form[] {
  if (secret.length < SHORTEST) return [];
  const encoded = encodeURIComponent(secret.toWellFormed());
  const exact = new Set([secret, encoded, encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
  const forms = [...exact].map((text): Form => ({ text, secret, before: 0, after: 0 }));
  for (const offset of [0, 1, 2]) {
    const form = base64Form(secret, offset);
    const urlSafe = form.text.replaceAll('+', '-').replaceAll('/', '_');
    forms.push(form);
    if (urlSafe !== form.text) forms.push({ ...form, text: urlSafe });
  }
  return forms;
}

/** The characters that the secret alone decides when `offset` other bytes (of three) stand in front of it. */
function base64Form(secret: string, offset: number): Form {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const start = (offset * 8) / 6;
  const end = (bytes.length * 8) / 6;
  const text = bytes.toString('base64').slice(Math.ceil(start), Math.floor(end));
  return { text, secret, before: Math.ceil(start) - Math.floor(start), after: Math.ceil(end) - Math.floor(end) };
}
