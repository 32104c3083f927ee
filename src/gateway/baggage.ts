import type { Baggage, BaggageEntry } from './observer.ts';

/** Which of a caller's baggage goes on to servers (R64). What is not named here ends at the gateway. */
export interface BaggageRules {
  /** Keys that may be handed on from the caller's own `baggage`. */
  readonly allow: ReadonlySet<string>;
  /** Keys by the HTTP header (lower case) whose value they get; they go before what `baggage` says. */
  readonly headers: ReadonlyMap<string, string>;
  readonly maxItems: number;
  /** Of the header value that is sent, in bytes; a longer one that came in is not looked at. */
  readonly maxBytes: number;
}

/** What a message says beside its own words. */
export interface BaggageSource {
  /** `params._meta`: what it says under `baggage` goes before the header of that name. */
  readonly meta: Readonly<Record<string, unknown>> | null;
  /** Of the HTTP request, in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Of a message with this `params._meta`, the baggage that is to go on with it. */
export type CarriesBaggage = (meta: BaggageSource['meta']) => Baggage;

export const NO_BAGGAGE: Baggage = [];
export const BAGGAGE_KEY = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;
export const MAX_BAGGAGE_KEY_LENGTH = 256;
const MAX_VALUE_LENGTH = 4_096;

/**
 * The entries that are handed on, mapped headers first. Doubt means no: what cannot be read, is too long, is not allowed or
 * comes twice with different values is left out, and so is what is beyond the limits.
 */
export function baggageOf({ meta, headers }: BaggageSource, rules: BaggageRules): Baggage {
  const mapped = [...rules.headers].flatMap(([header, key]) => entryOf(key, joined(headers[header])));
  const taken = new Set(mapped.map(({ key }) => key));
  const carried = entriesIn(textIn(meta, headers), rules).filter(({ key }) => !taken.has(key));
  return withinLimits([...mapped, ...carried], rules);
}

/** Header value of W3C Baggage; null when there is nothing in it. */
export function baggageText(baggage: Baggage): string | null {
  return baggage.length === 0 ? null : baggage.map(memberText).join(',');
}

function textIn(meta: BaggageSource['meta'], headers: BaggageSource['headers']): string {
  const inMeta = meta?.['baggage'];
  if (inMeta === undefined) return joined(headers['baggage']);
  return typeof inMeta === 'string' ? inMeta : '';
}

function joined(value: string | readonly string[] | undefined): string {
  return typeof value === 'object' ? value.join(',') : (value ?? '');
}

function entriesIn(text: string, { allow, maxBytes }: BaggageRules): readonly BaggageEntry[] {
  if (text === '' || Buffer.byteLength(text) > maxBytes) return [];
  const values = new Map<string, Set<string>>();
  for (const { key, value } of text.split(',').flatMap(readMember)) {
    if (!allow.has(key)) continue;
    const known = values.get(key);
    if (known === undefined) values.set(key, new Set([value]));
    else known.add(value);
  }
  return [...values].flatMap(([key, [value = '', ...others]]) => (others.length === 0 ? [{ key, value }] : []));
}

/** One member of the list; its properties, which say things about a value to whom it is not known here, are left out. */
function readMember(member: string): readonly BaggageEntry[] {
  const [pair = ''] = member.split(';', 1);
  const equals = pair.indexOf('=');
  if (equals < 0) return [];
  const value = decoded(pair.slice(equals + 1).trim());
  return value === null ? [] : entryOf(pair.slice(0, equals).trim(), value);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing: whoever wrote it meant something else than can be read.
    return null;
  }
}

function entryOf(key: string, text: string): readonly BaggageEntry[] {
  const value = text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
  const isKey = key.length <= MAX_BAGGAGE_KEY_LENGTH && BAGGAGE_KEY.test(key);
  return isKey && value !== '' && value.length <= MAX_VALUE_LENGTH && value.isWellFormed() ? [{ key, value }] : [];
}

function withinLimits(entries: readonly BaggageEntry[], { maxItems, maxBytes }: BaggageRules): Baggage {
  const kept: BaggageEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const length = memberText(entry).length + (kept.length === 0 ? 0 : 1);
    if (kept.length >= maxItems || bytes + length > maxBytes) continue;
    bytes += length;
    kept.push(entry);
  }
  return kept;
}

/** Percent-encoding leaves nothing but ASCII. */
function memberText({ key, value }: BaggageEntry): string {
  return `${key}=${encodeURIComponent(value)}`;
}
