import { addHit } from '../hits.ts';
import { eachOccurrence } from './rule.ts';
import { YOURS } from './names.ts';
import type { TextRule } from './rule.ts';

/** Shorter values would be found inside ordinary words, unless the user says so. */
const SHORTEST = 8;

const RULE = 'known-value';

/** A value that the user wants hidden, and the rule that says so. */
export interface UserValue {
  readonly value: string;
  readonly rule: string;
}

interface Form {
  readonly text: string;
  readonly secret: string;
  readonly rule: string;
  /** Characters in front and behind that carry bits of the secret as well: base64 does not end where a byte ends. */
  readonly before: number;
  readonly after: number;
}

/**
 * Exact values that the gateway itself knows, as they are, percent-encoded and in base64, there also as a part of a
 * longer value such as `user:password` (R18). The set is read again when it has grown or shrunk.
 */
export function createKnownSecretsRule(secrets: ReadonlySet<string>, values: readonly UserValue[] = []): TextRule {
  const userForms = values.flatMap(({ value, rule }) => formsOf(value, rule));
  let forms: readonly Form[] = userForms;
  let formsOfSize = 0;
  return (text, { gaps }, hits) => {
    if (secrets.size !== formsOfSize) {
      forms = [...userForms, ...[...secrets].flatMap((secret) => formsOf(secret, RULE))];
      formsOfSize = secrets.size;
    }
    for (const { text: form, secret, rule, before, after } of forms) {
      // Nearly always it is nowhere.
      if (form.length > text.length || !text.includes(form)) continue;
      eachOccurrence(text, form, gaps, (at) => {
        const start = Math.max(0, at - before);
        const end = Math.min(text.length, at + form.length + after);
        addHit(hits, text, { start, end }, { rule, kind: rule === RULE ? RULE : YOURS, secret });
        return end;
      });
    }
  };
}

/** The texts in which the rule looks for a secret; none for one that is too short. */
export function formsOfSecret(secret: string, isUserValue = false): readonly string[] {
  return formsOf(secret, isUserValue ? '' : RULE).map((form) => form.text);
}

function formsOf(secret: string, rule: string): readonly Form[] {
  if (rule === RULE && secret.length < SHORTEST) return [];
  const encoded = encodeURIComponent(secret.toWellFormed());
  const exact = new Set([secret, encoded, encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
  const forms = [...exact].map((text): Form => ({ text, secret, rule, before: 0, after: 0 }));
  // The few characters of a short value in base64 would be found in any picture.
  if (secret.length < SHORTEST) return forms;
  for (const offset of [0, 1, 2]) {
    const form = base64Form(secret, offset, rule);
    const urlSafe = form.text.replaceAll('+', '-').replaceAll('/', '_');
    forms.push(form);
    if (urlSafe !== form.text) forms.push({ ...form, text: urlSafe });
  }
  return forms;
}

/** The characters that the secret alone decides when `offset` other bytes (of three) stand in front of it. */
function base64Form(secret: string, offset: number, rule: string): Form {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const start = (offset * 8) / 6;
  const end = (bytes.length * 8) / 6;
  const text = bytes.toString('base64').slice(Math.ceil(start), Math.floor(end));
  return { text, secret, rule, before: Math.ceil(start) - Math.floor(start), after: Math.ceil(end) - Math.floor(end) };
}
