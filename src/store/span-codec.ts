import type { RedactedSpan } from '../shared/domain/redacted.ts';
import { unixNano } from '../shared/domain/ids.ts';
import type { Attributes, AttributeValue } from '../shared/domain/span.ts';

/** JSON text of one span, as it crosses to the worker and lies in the database. */
export type SpanText = string;

/** A span as `JSON.parse` gives it back: times are decimal strings because JSON has no integers of that size. */
export type ParsedSpan = Omit<RedactedSpan, 'startTime' | 'endTime' | 'events'> & {
  readonly startTime: string;
  readonly endTime: string | null;
  readonly events: readonly { readonly name: string; readonly time: string; readonly attributes: Attributes }[];
};

/** JSON is about twice as cheap as structured clone in both directions, and is stored as it comes. */
export function encodeSpan(span: RedactedSpan): SpanText {
  return JSON.stringify({
    ...span,
    startTime: span.startTime.toString(),
    endTime: span.endTime === null ? null : span.endTime.toString(),
    attributes: jsonSafe(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      time: event.time.toString(),
      attributes: jsonSafe(event.attributes),
    })),
  });
}

/** Throws a SyntaxError when the text is not JSON. */
export function parseSpan(text: SpanText): ParsedSpan {
  return JSON.parse(text) as ParsedSpan;
}

/** Only what encodeSpan made goes in here, so what comes out has been redacted. Changes and answers with `parsed`. */
export function reviveSpan(parsed: ParsedSpan): RedactedSpan {
  return Object.assign(parsed, {
    startTime: unixNano(BigInt(parsed.startTime)),
    endTime: parsed.endTime === null ? null : unixNano(BigInt(parsed.endTime)),
    events: parsed.events.map((event) => Object.assign(event, { time: unixNano(BigInt(event.time)) })),
  });
}

/** NaN and the infinities become the strings that OTLP/JSON uses for them; JSON.stringify would make them null. */
function jsonSafe(attributes: Attributes): Attributes {
  let safe: Record<string, AttributeValue> | null = null;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || isJsonSafe(value)) continue;
    safe ??= { ...attributes };
    safe[key] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return safe ?? attributes;
}

function isJsonSafe(value: AttributeValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return true;
  return value.every((item) => typeof item !== 'number' || Number.isFinite(item));
}
