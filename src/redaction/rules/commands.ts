import { addHit } from '../hits.ts';
import type { Hit } from '../hits.ts';
import { isLineEnd, isQuote, isSpace } from './characters.ts';
import type { Range } from './shapes/shape.ts';
import { eachOccurrence } from './rule.ts';
import type { TextRule } from './rule.ts';

/** How far behind `curl` its options are looked for: a long command, and not the rest of a log. */
const LONGEST_COMMAND = 2_000;

const ARGUMENT = /(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'])+|["']/g;

const USER_OPTIONS = new Set(['-u', '-U', '--user', '--proxy-user']);
const COOKIE_OPTIONS = new Set(['-b', '--cookie']);

/** `curl -u name:password` and `curl -b "sid=x"`, whose options announce nothing by themselves. */
export const findCurlOptions: TextRule = (text, { gaps }, hits) => {
  eachOccurrence(text, 'curl ', gaps, (at) => {
    const next = text.indexOf('curl ', at + 5);
    const end = commandEnd(text, at, next === -1 ? text.length : next);
    let option = 'curl';
    for (const { 0: argument, index } of text.slice(at, end).matchAll(ARGUMENT)) {
      // A bare word that no option asks for belongs to the sentence around the command.
      if (!option.startsWith('-') && /^[A-Za-z]+[.,]?$/.test(argument) && argument !== 'curl') break;
      hideArgument(text, option, { start: at + index, end: at + index + argument.length }, hits);
      option = argument === '\\' ? option : argument;
    }
    return Math.max(end, at + 1);
  });
};

/** A backslash at the end of a line continues the command. */
function commandEnd(text: string, start: number, limit: number): number {
  const last = Math.min(limit, start + LONGEST_COMMAND);
  for (let at = start; at < last; at += 1) {
    if (isLineEnd(text.charCodeAt(at)) && text[at - 1] !== '\\') return at;
  }
  return last;
}

/** `option value`, `--option=value` and `-uvalue`. */
function hideArgument(text: string, option: string, argument: Range, hits: Hit[]): void {
  const written = text.slice(argument.start, argument.end);
  const joined = /^(--[a-z-]+)=|^(-[uUb])(?=[^\s-])/.exec(written);
  const name = joined?.[1] ?? joined?.[2] ?? option;
  const value = withoutQuotes(text, { start: argument.start + (joined?.[0].length ?? 0), end: argument.end });
  const content = text.slice(value.start, value.end);
  // Without an equals sign it names a file of cookies.
  if (COOKIE_OPTIONS.has(name) && content.includes('=')) addHit(hits, text, value, { rule: 'flag', kind: 'cookie' });
  if (USER_OPTIONS.has(name) && /^[^:\s]*:\S/.test(content))
    addHit(hits, text, value, { rule: 'curl-user', kind: 'credential' });
}

function withoutQuotes(text: string, { start, end }: Range): Range {
  const isQuoted = isQuote(text.charCodeAt(start)) && end - start > 1 && text[end - 1] === text[start];
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

const MACHINE = /(?:^|\s)(?:machine\s{1,8}\S{1,255}|default)\s{1,8}login\s{1,8}\S{1,128}\s{1,8}$/;

/** `machine host login name password x` in a `.netrc`. */
export const findNetrcPasswords: TextRule = (text, { gaps }, hits) => {
  eachOccurrence(text, 'password', gaps, (at) => {
    const after = at + 'password'.length;
    if (!isSpace(text.charCodeAt(after)) || !MACHINE.test(text.slice(Math.max(0, at - 450), at))) return after;
    let start = after;
    while (start < text.length && isSpace(text.charCodeAt(start))) start += 1;
    let end = start;
    while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
    addHit(hits, text, { start, end }, { rule: 'netrc', kind: 'password' });
    return Math.max(end, after);
  });
};

const CONSTANT = /define\(\s{0,8}(['"])([\w.-]{1,128})\1\s{0,8},\s{0,8}(['"])/y;
const SQL_PASSWORD = /(?:IDENTIFIED BY|PASSWORD)\s{1,8}'/y;

/** `define('DB_PASSWORD', 'x')` and `CREATE USER a WITH PASSWORD 'x'`: a name and a value without a sign between them. */
export const findStatements: TextRule = (text, { gaps, names }, hits) => {
  eachOccurrence(text, 'define(', gaps, (at) => {
    CONSTANT.lastIndex = at;
    const found = CONSTANT.exec(text);
    const announced = found === null ? null : names.key(found[2] ?? '');
    if (found === null || announced === null) return at + 1;
    const range = quotedFrom(text, at + found[0].length, found[3] ?? "'");
    addHit(hits, text, range, { rule: announced.rule ?? 'label', kind: announced.kind });
    return Math.max(range.end, at + 1);
  });
  for (const word of ['IDENTIFIED BY', 'PASSWORD']) {
    eachOccurrence(text, word, gaps, (at) => {
      SQL_PASSWORD.lastIndex = at;
      const found = SQL_PASSWORD.exec(text);
      if (found === null) return at + 1;
      const range = quotedFrom(text, at + found[0].length, "'");
      addHit(hits, text, range, { rule: 'label', kind: 'password' });
      return Math.max(range.end, at + 1);
    });
  }
};

/** To the closing quote or the end of the line. */
function quotedFrom(text: string, start: number, quote: string): Range {
  let end = start;
  while (end < text.length && text[end] !== quote && !isLineEnd(text.charCodeAt(end))) end += 1;
  return { start, end };
}
