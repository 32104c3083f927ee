import { addHit } from '../hits.ts';
import { eachOccurrence } from './rule.ts';
import type { TextRule } from './rule.ts';

/** Shorter values would be found inside ordinary words. */
const SHORTEST = 8;

interface Form {
  readonly text: string;
  readonly secret: string;
  /** Characters on both sides that carry bits of the secret, too: base64 does not end where a byte ends. */
  readonly margin: number;
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
      forms = [...secrets].filter((secret) => secret.length >= SHORTEST).flatMap(formsOf);
      formsOfSize = secrets.size;
    }
    for (const { text: form, secret, margin } of forms) {
      if (form.length > text.length) continue;
      eachOccurrence(text, form, gaps, (at) => {
        const start = Math.max(0, at - margin);
        const end = Math.min(text.length, at + form.length + margin);
        addHit(hits, text, { start, end }, { rule: 'known-value', kind: 'known-value', secret });
        return end;
      });
    }
  };
}

function formsOf(secret: string): readonly Form[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const exact = [secret, encoded, encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())];
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const middle = base64Middle(secret, offset);
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    ...[...new Set(exact)].map((text) => ({ text, secret, margin: 0 })),
    ...[...new Set(inBase64)].map((text) => ({ text, secret, margin: 2 })),
  ];
}

/** The characters that only the secret decides when `offset` other bytes (of three) stand in front of it. */
function base64Middle(secret: string, offset: number): string {
  const bytes = Buffer.from(secret, 'utf8');
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const bits = (offset + bytes.length) * 8;
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
}
