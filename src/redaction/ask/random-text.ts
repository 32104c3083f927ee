import { ALNUM, isIn } from '../rules/shapes/alphabets.ts';
import type { Range } from '../rules/shapes/shape.ts';

const SHORTEST = 20;
/** Longer ones are pictures and other files in base64. */
const LONGEST = 256;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEX = /^[0-9a-f]+$/i;

/** Bits per character. Words have less, also in other languages and in code. */
const LEAST_ENTROPY = 3.6;
const LEAST_HEX_ENTROPY = 3;

/** How often small letters, capitals and digits take turns. In names made of words they seldom do. */
const LEAST_TURNS = 0.3;

/** Runs of letters, digits and the signs of base64 that look as if no person had made them up. */
export function randomRuns(text: string): readonly Range[] {
  const found: Range[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (!isRunCode(text.charCodeAt(at))) continue;
    const start = at;
    while (at < text.length && isRunCode(text.charCodeAt(at))) at += 1;
    if (at - start < SHORTEST || isInDataUrl(text, start)) continue;
    for (const run of partsOf(text, { start, end: at }))
      if (looksRandom(text.slice(run.start, run.end))) found.push(run);
  }
  return found;
}

function isRunCode(code: number): boolean {
  return isIn(ALNUM, code) || code === 45 || code === 95 || code === 43 || code === 47 || code === 61;
}

function isInDataUrl(text: string, start: number): boolean {
  return text.slice(Math.max(0, start - 8), start).endsWith('base64,');
}

/** A path of words is read name by name; in base64 a slash is a letter like any other. */
function partsOf(text: string, { start, end }: Range): readonly Range[] {
  const run = text.slice(start, end);
  const isPath =
    run.startsWith('/') || run.split('/').some((part) => /^[a-z]{3,}$/i.test(part)) || text[start - 1] === '.';
  if (!isPath || !run.includes('/')) return [{ start, end }];
  const parts: Range[] = [];
  let from = start;
  for (const part of run.split('/')) {
    if (part.length >= SHORTEST) parts.push({ start: from, end: from + part.length });
    from += part.length + 1;
  }
  return parts;
}

function looksRandom(run: string): boolean {
  const bare = run.replace(/=+$/, '');
  if (bare.length < SHORTEST || bare.length > LONGEST || UUID.test(bare) || bare.includes('=')) return false;
  if (/^sha\d+-/.test(bare)) return false;
  const isHex = HEX.test(bare);
  if (!/[0-9]/.test(bare) || !/[A-Za-z]/.test(bare)) return false;
  if (isHex) return bare.length >= 32 && entropy(bare) >= LEAST_HEX_ENTROPY;
  return entropy(bare) >= LEAST_ENTROPY && turns(bare) >= LEAST_TURNS;
}

/** Shannon's, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function turns(text: string): number {
  let changes = 0;
  for (let at = 1; at < text.length; at += 1) {
    const [before, after] = [classOf(text.charCodeAt(at - 1)), classOf(text.charCodeAt(at))];
    if (before !== after && before !== 0 && after !== 0) changes += 1;
  }
  return changes / text.length;
}

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return 1;
  if (code >= 65 && code <= 90) return 2;
  return code >= 48 && code <= 57 ? 3 : 0;
}
