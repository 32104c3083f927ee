import { addHit } from '../hits.ts';
import type { Hit } from '../hits.ts';
import { isAlphanumeric, isSpace, percentDecode } from './characters.ts';
import type { Announced, Names } from './names.ts';
import { eachOccurrence } from './rule.ts';
import type { Gap, TextRule } from './rule.ts';

const SLASH = 47;
const AT = 64;
const EQUALS = 61;
const SEMICOLON = 59;
const LONGEST_PARAMETER_NAME = 256;
const RULE = 'url-query';

/** `user:password@` of an address of any scheme (RFC 3986, section 3.2.1). */
export const findUserinfo: TextRule = (text, { gaps }, hits) => findUserinfoIn(text, gaps, hits);

function findUserinfoIn(text: string, gaps: readonly Gap[], hits: Hit[]): void {
  eachOccurrence(text, '://', gaps, (at, { from }) => {
    const start = at + 3;
    if (at === from || !isSchemeCode(text.charCodeAt(at - 1))) return start;
    const end = userinfoEnd(text, start);
    addHit(hits, text, { start, end }, { rule: 'url-userinfo', kind: 'url-userinfo' });
    return Math.max(start, end);
  });
}

function isSchemeCode(code: number): boolean {
  return isAlphanumeric(code) || code === 43 || code === 45 || code === 46;
}

/** The offset of the `@` that ends the userinfo, or -1. A password may hold `@`, and unescaped `/`, `?` and `#`. */
function userinfoEnd(text: string, start: number): number {
  // Where the next address begins this one has ended; without that bound a list of addresses would be read over and over.
  const next = text.indexOf('://', start);
  const last = next === -1 ? text.length : next;
  let lastAt = -1;
  let at = start;
  for (; at < last && !endsAddress(text.charCodeAt(at)); at += 1) {
    const code = text.charCodeAt(at);
    if (code === AT) lastAt = at;
    if (code === SLASH || code === 63 || code === 35) break;
  }
  if (lastAt !== -1 || !hasNonPort(text, start, at)) return lastAt;
  // `scheme://user:pa/ss@host`: what follows the colon is no port, so it is the beginning of a password.
  for (; at < last && !endsAddress(text.charCodeAt(at)); at += 1) if (text.charCodeAt(at) === AT) lastAt = at;
  return lastAt;
}

function hasNonPort(text: string, start: number, end: number): boolean {
  const authority = text.slice(start, end);
  if (authority.startsWith('[')) return false;
  const colon = authority.indexOf(':');
  return colon !== -1 && !/^\d*$/.test(authority.slice(colon + 1));
}

function endsAddress(code: number): boolean {
  return isSpace(code) || code < 32 || code === 34 || code === 60 || code === 62 || code === 96;
}

/**
 * Parameters behind `?`, `#` and `&`, or from the first character of what is known to be a query, by their decoded name.
 * Others stay readable, and so do empty ones (R2, R13).
 */
export const findParameters: TextRule = (text, { gaps, isQuery, names }, hits) => {
  if (isQuery) readParameters(text, 0, { hits, isEnd: isHardEnd, depth: 0, names });
  findInGaps(text, gaps, { hits, isEnd: endsAddress, depth: 0, names });
};

interface Reading {
  readonly hits: Hit[];
  /** Whether this character ends the address. */
  readonly isEnd: (code: number) => boolean;
  /** How many addresses this one is encoded in. */
  readonly depth: number;
  readonly names: Names;
}

function findInGaps(text: string, gaps: readonly Gap[], reading: Reading): void {
  let at = 0;
  for (const { from, to } of gaps) {
    for (at = Math.max(at, from); at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 63 || code === 35) at = readParameters(text, at + 1, reading) - 1;
      // A form's body or a query without its `?`: the first pair stands in front of the first `&`.
      else if (code === 38) at = readParameters(text, formStart(text, from, at), reading) - 1;
      else if (code === SEMICOLON && isSessionParameter(text, at)) at = readParameters(text, at + 1, reading) - 1;
    }
  }
}

/** Servlet containers put it behind the path: `/p;jsessionid=x?page=2`. */
export function isSessionParameter(text: string, semicolon: number): boolean {
  return text.slice(semicolon + 1, semicolon + 12).toLowerCase() === 'jsessionid=';
}

function isHardEnd(code: number): boolean {
  return code < 32;
}

function formStart(text: string, from: number, ampersand: number): number {
  let start = ampersand;
  while (start > from && !endsAddress(text.charCodeAt(start - 1)) && text.charCodeAt(start - 1) !== 39) start -= 1;
  return start;
}

function isSeparator(code: number): boolean {
  return code === 38 || code === SEMICOLON || code === 63 || code === 35;
}

/** Reads `name=value` pairs up to the end of the address and answers where that is. */
function readParameters(text: string, from: number, reading: Reading): number {
  const { isEnd } = reading;
  const to = text.length;
  let start = from;
  for (;;) {
    let end = start;
    let equals = -1;
    for (; end < to; end += 1) {
      const code = text.charCodeAt(end);
      if (isEnd(code) || isSeparator(code)) break;
      if (code === EQUALS && equals === -1) equals = end;
    }
    if (equals !== -1) end = hideParameter(text, { start, equals, end }, reading);
    if (end >= to || isEnd(text.charCodeAt(end))) return Math.max(end, from);
    start = end + 1;
  }
}

interface Parameter {
  readonly start: number;
  readonly equals: number;
  readonly end: number;
}

function hideParameter(text: string, parameter: Parameter, reading: Reading): number {
  const { hits, isEnd, names } = reading;
  const announced = parameterSays(text.slice(parameter.start, parameter.equals), names);
  if (announced === null) {
    hideEncodedAddress(text, parameter, reading);
    return parameter.end;
  }
  let end = parameter.end;
  // A `;` without a pair behind it belongs to the value: half a secret must not stay.
  while (end < text.length && text.charCodeAt(end) === SEMICOLON) {
    let next = end + 1;
    while (next < text.length && !isEnd(text.charCodeAt(next)) && !isSeparator(text.charCodeAt(next))) next += 1;
    if (text.slice(end + 1, next).includes('=')) break;
    end = next;
  }
  const start = parameter.equals + 1;
  const { kind, rule } = announced;
  addHit(hits, text, { start, end }, { rule: rule ?? RULE, kind, secret: percentDecode(text.slice(start, end)) });
  return end;
}

const DEEPEST_ENCODING = 3;

/** An encoded address as a value, as in `redirect_uri=https%3A%2F%2Fh%3Ftoken%3Dx`: hidden whole if it holds a secret. */
function hideEncodedAddress(text: string, { equals, end }: Parameter, { hits, depth, names }: Reading): void {
  const value = text.slice(equals + 1, end);
  if (depth >= DEEPEST_ENCODING || !/%(?:3[adf]|25|40)/i.test(value)) return;
  const decoded = percentDecode(value);
  const gaps = [{ from: 0, to: decoded.length }];
  const inside: Hit[] = [];
  findUserinfoIn(decoded, gaps, inside);
  readParameters(decoded, 0, { hits: inside, isEnd: endsAddress, depth: depth + 1, names });
  const [first] = inside;
  if (first === undefined) return;
  addHit(hits, text, { start: equals + 1, end }, { rule: first.rule, kind: first.kind, secret: first.secret });
}

function parameterSays(raw: string, names: Names): Announced | null {
  let name = raw.length > LONGEST_PARAMETER_NAME ? raw.slice(-LONGEST_PARAMETER_NAME) : raw;
  // An address inside an address may have been encoded more than once.
  for (let round = 0; round < 3; round += 1) {
    const announced = names.parameter(name);
    if (announced !== null || !name.includes('%')) return announced;
    name = percentDecode(name);
  }
  return names.parameter(name);
}
