import { MASK } from '../forms.ts';
import { addHit } from '../hits.ts';
import type { Hit } from '../hits.ts';
import { credentialsStart } from './authorization.ts';
import { isAlphanumeric, isLineEnd, isNameCode, isQuote, isSpaceOrTab, percentDecode } from './characters.ts';
import type { Announced, Names } from './names.ts';
import { ENOUGH_TO_JUDGE, isPlaceholder, isPlausibleSecret, isQuotedPlaceholder } from './plausible-value.ts';
import type { Gap, TextRule, TextScope } from './rule.ts';
import { isSessionParameter } from './url.ts';

const RULE = 'label';
const COLON = 58;
const EQUALS = 61;
const BACKSLASH = 92;
const LONGEST_LABEL = 128;

/** In front of a quote: five levels of JSON inside JSON. */
const MOST_BACKSLASHES = 31;

/** A second word that gives the first its meaning: "api key: x", "session id = x". */
const NEEDS_ITS_NEIGHBOUR = /^(?:keys?|ids?|codes?|value|word|phrase|string|header)$/i;

/** Values in which commas, semicolons and quotes are part of the secret. */
const READS_TO_LINE_END = new Set(['authorization', 'cookie']);

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Label {
  readonly name: string;
  readonly kind: string;
  readonly rule: string;
  /** The quote in front of the label when the label itself is not closed by it: `-H "Cookie: a=b"`. */
  readonly enclosingQuote: number;
}

/** `password: x y z`, `TOKEN="x"`, `Authorization: Bearer x`, `\"secret\":\"x\"`: hidden to the line's end or quote (R17). */
export const findLabels: TextRule = (text, scope, hits) => {
  let done = 0;
  for (const { from, to } of scope.gaps) done = findInGap(text, { from: Math.max(from, done), to }, scope, hits);
};

/** Answers how far it has read: a value may end behind the gap. */
function findInGap(text: string, { from, to }: Gap, scope: TextScope, hits: Hit[]): number {
  let at = from;
  for (; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== COLON && code !== EQUALS) continue;
    const value = valueStart(text, at, to);
    if (value === null) {
      // An operator such as `==`: none of its characters separates a label from a value.
      while (at + 1 < to && isOperatorCode(text.charCodeAt(at + 1))) at += 1;
      continue;
    }
    const label = labelBefore(text, at, scope);
    if (label === null) continue;
    const hit = hideValue(text, { label, separator: code, start: value }, hits, scope);
    if (hit > at) at = hit - 1;
  }
  return at;
}

function isOperatorCode(code: number): boolean {
  return code === EQUALS || code === COLON || code === 62;
}

/** Where the value behind the separator at `at` begins, or null when this is no separator. */
function valueStart(text: string, at: number, to: number): number | null {
  let next = at + 1;
  const code = text.charCodeAt(next);
  if (text.charCodeAt(at) === COLON) {
    if (code === EQUALS) next += 1;
    else if (code === COLON || text.startsWith('//', next)) return null;
  } else if (code === EQUALS) {
    return null;
  } else if (code === 62) {
    // `'password' => 'x'` and `:password => 'x'` label a value, `token => x` is a function.
    const nameEnd = beforeSpaces(text, at);
    const isSymbol = text.charCodeAt(wordStart(text, nameEnd) - 1) === COLON;
    if (!isQuote(text.charCodeAt(nameEnd - 1)) && !isSymbol) return null;
    next += 1;
  } else if ('!<>+-*/^|~?:'.includes(text[at - 1] ?? ' ')) {
    return null;
  }
  while (next < to && isSpaceOrTab(text.charCodeAt(next))) next += 1;
  return next;
}

function beforeSpaces(text: string, at: number): number {
  let end = at;
  while (end > 0 && isSpaceOrTab(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** Looks back over documents, too: `config["password"] = ...` has one in front of its separator. */
function labelBefore(text: string, separator: number, scope: TextScope): Label | null {
  let end = separator;
  while (end > 0 && isSpaceOrTab(text.charCodeAt(end - 1))) end -= 1;
  let isQuoted = false;
  // `"password"`, `\"password\"`, `["password"]`
  while (end > 0 && isLabelWrapper(text.charCodeAt(end - 1))) {
    isQuoted = true;
    end -= 1;
  }
  const start = wordStart(text, end);
  if (start === end) return null;
  const before = text.charCodeAt(start - 1);
  // The rule for addresses knows where a parameter's value ends.
  if (start > 0 && (before === 63 || before === 38 || before === 35)) return null;
  if (before === 59 && isSessionParameter(text, start - 1)) return null;
  if (isOtherSyntax(text, { start, end }, separator) || isInUserinfo(text, start, separator)) return null;
  const name = percentDecode(text.slice(start, end));
  const enclosingQuote = !isQuoted && isQuote(before) ? before : 0;
  const { names } = scope;
  const own = text.charCodeAt(separator) === COLON ? names.header(name) : names.key(name);
  const announced = own ?? withNeighbour(text, start, name, names);
  return announced === null ? null : { name, kind: announced.kind, rule: announced.rule ?? RULE, enclosingQuote };
}

function isLabelWrapper(code: number): boolean {
  return isQuote(code) || code === BACKSLASH || code === 93;
}

function wordStart(text: string, end: number): number {
  let start = end;
  const first = Math.max(0, end - LONGEST_LABEL);
  while (start > first && isNameCode(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function withNeighbour(text: string, start: number, name: string, names: Names): Announced | null {
  if (!NEEDS_ITS_NEIGHBOUR.test(name) || start < 2 || text.charCodeAt(start - 1) !== 32) return null;
  const neighbour = text.slice(wordStart(text, start - 1), start - 1);
  return names.key(`${neighbour} ${name}`);
}

/** `tokens: 1,240 (prompt 900)` */
const COUNT = /^[\d.,_ ]*(?:$|(?<=\d)[\s;,)])/;

/** `token.ts:41:13` */
const FILE_NAME = /\.[A-Za-z]{1,5}$/;
const LINE_NUMBER = /^\d{1,6}(?::\d{1,5})?(?:$|[\s)\],;])/;

/** `string password = 2;` in a protocol's definition, `--token-space: 4px;` in a style sheet, `a ? password : token`. */
function isOtherSyntax(text: string, { start, end }: Range, separator: number): boolean {
  const value = text.slice(separator + 1, separator + 33);
  const isColon = text.charCodeAt(separator) === COLON;
  const name = text.slice(start, end);
  if (isColon && FILE_NAME.test(name) && LINE_NUMBER.test(value)) return true;
  if (isColon && name.startsWith('--') && /^\s*(?:#[0-9a-f]{3,8}|[\d.]+[a-z%]{0,4}|var\(.*);?\s*$/im.test(value))
    return true;
  if (isColon && /\?\s+$/.test(text.slice(Math.max(0, start - 4), start)) && text.charCodeAt(separator - 1) === 32)
    return true;
  if (isColon && OAUTH_SCOPE.test(value)) return true;
  return !isColon && /^\s*\d{1,3};/.test(value) && PROTOCOL_TYPE.test(text.slice(Math.max(0, start - 16), start));
}

/** `tokens:read` */
const OAUTH_SCOPE = /^(?:read|write|admin|manage|list|create|delete|\*)(?:$|[\s"',;:)\]])/;

const PROTOCOL_TYPE = /\b(?:string|bytes|u?int(?:32|64)|bool|double|float)\s+$/;

/** The user's part of an address is read by the rule for addresses. */
function isInUserinfo(text: string, start: number, separator: number): boolean {
  return text.startsWith('://', start - 3) && /^[^\s/"'<>]{0,256}@/.test(text.slice(separator + 1, separator + 258));
}

interface Labelled {
  readonly label: Label;
  readonly separator: number;
  readonly start: number;
}

/** Answers where to go on reading: behind what was hidden, or 0. */
function hideValue(text: string, labelled: Labelled, hits: Hit[], scope: TextScope): number {
  const { label, start } = labelled;
  if (scope.isReadTwice && label.rule === RULE && text.startsWith(MASK, start)) return 0;
  const json = scope.jsonAt(start);
  if (json !== undefined) {
    // Of a document that breaks off the value goes on behind it.
    const end = json.isComplete ? json.end : bareValueEnd(text, { ...labelled, start: json.end });
    addHit(hits, text, { start, end }, { rule: label.rule, kind: label.kind });
    return end;
  }
  const quoted = quotedValue(text, start);
  if (
    quoted !== null &&
    isQuotedPlaceholder(text.slice(quoted.start, Math.min(quoted.end, quoted.start + ENOUGH_TO_JUDGE)))
  )
    return 0;
  // Decided before the value's end is looked for: a line of many such labels would be read once for each of them.
  if (quoted === null && !isPlausibleSecret(label.name, text.slice(start, start + ENOUGH_TO_JUDGE))) return 0;
  const block = quoted === null && labelled.separator === COLON ? blockBelow(text, start) : null;
  const range = block ?? quoted ?? { start, end: bareValueEnd(text, labelled) };
  const value = text.slice(range.start, range.end);
  if (label.kind === 'tokens' && COUNT.test(value)) return 0;
  const scheme = label.kind === 'authorization' ? credentialsStart(value) : 0;
  if (scheme > 0 && isPlaceholder(value.slice(scheme, scheme + ENOUGH_TO_JUDGE))) return 0;
  addHit(hits, text, { start: range.start + scheme, end: range.end }, { rule: label.rule, kind: label.kind });
  return range.end;
}

/** The inside of a quoted value; its quote may be escaped, as in JSON inside a log line. Unclosed: to the line's end. */
function quotedValue(text: string, start: number): Range | null {
  let open = start;
  while (open - start < MOST_BACKSLASHES && text.charCodeAt(open) === BACKSLASH) open += 1;
  if (!isQuote(text.charCodeAt(open))) return null;
  const closing = text.slice(start, open + 1);
  const inside = open + 1;
  for (let at = inside; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code)) return { start: inside, end: at };
    if (text.startsWith(closing, at) && (closing.length > 1 || !isEscaped(text, inside, at)))
      return { start: inside, end: at };
  }
  return { start: inside, end: text.length };
}

const BLOCK = /[|>][+-]?\d?[ \t]{0,16}\r?\n/y;

/** A block of YAML: the lines below that are indented more than the line of the label. */
function blockBelow(text: string, start: number): Range | null {
  BLOCK.lastIndex = start;
  const opening = BLOCK.exec(text);
  if (opening === null) return null;
  const outer = indentAt(text, text.lastIndexOf('\n', start) + 1);
  const first = start + opening[0].length;
  let end = first;
  for (let line = first; line < text.length;) {
    const next = text.indexOf('\n', line);
    const lineEnd = next === -1 ? text.length : next;
    const isBlank = text.slice(line, Math.min(lineEnd, line + 256)).trim() === '';
    if (!isBlank && indentAt(text, line) <= outer) break;
    if (!isBlank) end = lineEnd;
    line = lineEnd + 1;
  }
  return end === first ? null : { start: first + indentAt(text, first), end };
}

function indentAt(text: string, lineStart: number): number {
  let at = lineStart;
  while (text.charCodeAt(at) === 32) at += 1;
  return at - lineStart;
}

function isEscaped(text: string, from: number, at: number): boolean {
  let backslashes = 0;
  while (at - backslashes > from && text.charCodeAt(at - backslashes - 1) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function bareValueEnd(text: string, { label, separator, start }: Labelled): number {
  const toLineEnd = READS_TO_LINE_END.has(label.kind);
  // `a=1 b=2` is a list of pairs; `password = a b` and `password: a b` are a value of several words.
  const isPair = separator === EQUALS && start > 0 && text.charCodeAt(start - 1) === EQUALS;
  // `--token=a --region b`: an argument of a command has no spaces.
  const isArgument = isPair && label.name.startsWith('--');
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (isLineEnd(code) || (code === label.enclosingQuote && code !== 0)) break;
    if (toLineEnd) continue;
    if (isArgument && isSpaceOrTab(code)) break;
    if (isPair && (code === 38 || (isSpaceOrTab(code) && beginsPair(text, end + 1, EQUALS)))) break;
    if ((code === 44 || code === 59) && beginsPair(text, end + 1, separator)) break;
  }
  while (end > start && isSpaceOrTab(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** Whether the next label follows: `, name:` or `;name=`. */
function beginsPair(text: string, from: number, separator: number): boolean {
  let at = from;
  const last = Math.min(text.length, from + LONGEST_LABEL);
  while (at < last && (isSpaceOrTab(text.charCodeAt(at)) || isQuote(text.charCodeAt(at)))) at += 1;
  const start = at;
  while (at < last && (isAlphanumeric(text.charCodeAt(at)) || '_-.'.includes(text[at] ?? ' '))) at += 1;
  if (at === start) return false;
  while (at < last && (isSpaceOrTab(text.charCodeAt(at)) || isQuote(text.charCodeAt(at)))) at += 1;
  const code = text.charCodeAt(at);
  return code === separator && !text.startsWith('//', at + 1);
}
