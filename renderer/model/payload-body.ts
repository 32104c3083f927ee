import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import { parseJson } from '../../src/shared/kernel/parse-json.ts';

/** Most characters shown before the reader asks for all. */
export const PREVIEW_CHARACTERS = 100 * 1_024;

export type PayloadBody =
  | { readonly kind: 'json'; readonly value: unknown }
  /** `isWhole`: a text of its own, in which findings count from its beginning. */
  | { readonly kind: 'text'; readonly text: string; readonly cut: boolean; readonly isWhole: boolean };

/** A captured body made ready to be drawn: a tree when it is whole JSON, else text, at most a preview of it. */
export function payloadBody(payload: RedactedPayload, all: boolean): PayloadBody {
  const isWhole = !payload.mediaType.includes('json');
  const cut = !all && payload.text.length > PREVIEW_CHARACTERS;
  if (cut) return { kind: 'text', text: payload.text.slice(0, PREVIEW_CHARACTERS), cut, isWhole };
  const value = parsedBody(payload);
  return value === undefined ? { kind: 'text', text: payload.text, cut, isWhole } : { kind: 'json', value };
}

/** What a body says; undefined when it is no JSON, or no longer, having been cut short. */
export function parsedBody({ mediaType, text }: Pick<RedactedPayload, 'mediaType' | 'text'>): unknown {
  return mediaType.includes('json') ? parseJson(text) : undefined;
}
