import type { Redacted, RedactedText } from '../shared/domain/redacted.ts';

/** The only place that says of a span or a payload that it was redacted. */
export function mintRedacted<T extends object>(value: T): T & Redacted {
  return value as T & Redacted;
}

/** The same for a text on its own. */
export function mintRedactedText(text: string): RedactedText {
  return text as RedactedText;
}
