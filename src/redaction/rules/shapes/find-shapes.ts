import { createAutomaton } from '../../screen/automaton.ts';
import { addHit } from '../../hits.ts';
import type { Hit } from '../../hits.ts';
import type { Gap, TextRule } from '../rule.ts';
import { UNBROKEN, createRuns, isIn, isWordBoundary } from './alphabets.ts';
import type { Runs } from './alphabets.ts';
import type { AnchoredShape, Range, ScannedShape, Shape } from './shape.ts';

export interface ShapeFinder {
  readonly find: TextRule;
  /** For the screen: what it looks for, and whether more than the anchor itself stands at the end of one. */
  readonly anchors: readonly string[];
  /** The last character of an anchor stands at `last`. False: no shape begins there, in the text or in what it encodes. */
  isPlausible(text: string, last: number): boolean;
  /** Whether one without an anchor occurs. */
  isScanned(text: string): boolean;
}

interface Anchor {
  readonly text: string;
  readonly shape: AnchoredShape;
}

const NO_ANCHORS: readonly Anchor[] = [];

/** Finds these shapes in one pass over a text, whatever their number. */
export function createShapeFinder(shapes: readonly Shape[]): ShapeFinder {
  const scanned = shapes.filter((shape): shape is ScannedShape => shape.type === 'scanned');
  const anchored = shapes.filter((shape): shape is AnchoredShape => shape.type === 'anchored');
  const anchors = anchored.flatMap((shape) => shape.anchors.map((text): Anchor => ({ text, shape })));
  const byEnd = groupByEnd(anchors);

  function endingAt(text: string, last: number): readonly Anchor[] {
    return byEnd.get(endAt(text, last)) ?? byEnd.get(text.charCodeAt(last)) ?? NO_ANCHORS;
  }

  const automaton = createAutomaton(anchors.map(({ text }) => ({ word: text.toLowerCase(), flags: 1 })));

  function isPlausible(text: string, last: number): boolean {
    for (const anchor of endingAt(text, last)) if (isPlausibleAnchor(text, last, anchor)) return true;
    return false;
  }

  /** Answers how far it has found something. */
  function findBetween(text: string, from: number, to: number, hits: Hit[]): number {
    const { columns, next, firstFlagged } = automaton;
    let runs: Runs | undefined;
    let state = 0;
    let done = from;
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      state = code > 127 ? 0 : (next[state + (columns[code] ?? 0)] ?? 0);
      if (state < firstFlagged) continue;
      runs ??= createRuns(text);
      done = Math.max(done, findAtAnchor(text, at, runs, hits));
      if (done <= at + 1) continue;
      at = done - 1;
      state = 0;
    }
    return done;
  }

  /** All shapes whose anchor has its last character at `last`. Answers where the longest that begins here ends. */
  function findAtAnchor(text: string, last: number, runs: Runs, hits: Hit[]): number {
    let done = 0;
    for (const anchor of endingAt(text, last)) {
      // Whether enough follows the shape finds out by itself, without reading a run of many anchors for each of them.
      if (!isAnchorAt(text, last, anchor)) continue;
      const { shape } = anchor;
      const range = shape.find(text, last + 1 - anchor.text.length, anchor.text, runs);
      if (range === null) continue;
      addHit(hits, text, range, { rule: shape.id, kind: shape.kind });
      // What stands in front of the anchor belongs to another secret, between which there may be more.
      if (range.start <= last) done = Math.max(done, range.end);
    }
    return done;
  }

  const find: TextRule = (text, { gaps }, hits) => {
    let done = 0;
    for (const { from, to } of gaps) done = findBetween(text, Math.max(from, done), Math.min(to, text.length), hits);
    for (const shape of scanned) {
      const found = shape.scan(text);
      if (found.length === 0) continue;
      for (const range of within(found, gaps)) addHit(hits, text, range, { rule: shape.id, kind: shape.kind });
    }
  };

  return {
    find,
    anchors: anchors.map(({ text }) => text),
    isPlausible,
    isScanned: (text) => scanned.some((shape) => shape.scan(text).length > 0),
  };
}

/** By their last two characters, since many end with the same one; those of one character by that. */
function groupByEnd(anchors: readonly Anchor[]): ReadonlyMap<number, readonly Anchor[]> {
  const groups = new Map<number, Anchor[]>();
  const short = anchors.filter(({ text }) => text.length === 1);
  for (const anchor of short) groups.set(anchor.text.charCodeAt(0), [anchor]);
  for (const anchor of anchors) {
    const last = anchor.text.length - 1;
    if (last === 0) continue;
    const end = endAt(anchor.text, last);
    const group = groups.get(end) ?? short.filter(({ text }) => text === anchor.text[last]);
    groups.set(end, [...group, anchor]);
  }
  return groups;
}

function endAt(text: string, last: number): number {
  return text.charCodeAt(last) + (last === 0 ? 0 : text.charCodeAt(last - 1) << 16);
}

/** In its own upper and lower case, at the beginning of a word. */
function isAnchorAt(text: string, last: number, { text: anchor, shape }: Anchor): boolean {
  const start = last + 1 - anchor.length;
  if (start < 0 || !text.startsWith(anchor, start)) return false;
  return !shape.isPrefix || isWordBoundary(text, start);
}

/** The same, with enough behind it. */
function isPlausibleAnchor(text: string, last: number, anchor: Anchor): boolean {
  const { shape } = anchor;
  if (!isAnchorAt(text, last, anchor)) return false;
  for (let at = last + 1; at <= last + shape.minimum; at += 1) {
    if (!isIn(UNBROKEN, text.charCodeAt(at))) return false;
  }
  return true;
}

/** Those that begin in a gap; both are in rising order. */
function within(ranges: readonly Range[], gaps: readonly Gap[]): readonly Range[] {
  let index = 0;
  return ranges.filter(({ start }) => {
    while ((gaps[index]?.to ?? Number.POSITIVE_INFINITY) <= start) index += 1;
    return start >= (gaps[index]?.from ?? Number.POSITIVE_INFINITY);
  });
}
