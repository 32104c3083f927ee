import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { formatDuration } from './format.ts';
import { processOf } from './remote-span.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

/** That the clocks of two processes do not agree: a span cannot begin before what caused it. */
export interface ClockSkew {
  /** On which side of its parent the span begins. */
  readonly side: 'before' | 'after';
  /** From the parent's nearer edge, in milliseconds. */
  readonly byMs: number;
}

/** Some clocks are read to the millisecond only, and two of one machine a little apart; so much says nothing. */
const TOLERANCE_MS = 2;

/**
 * What a span of another process says about its clock, when it begins outside of its parent's time. It is drawn where its
 * own clock puts it. One that only ends later is not taken for skew: work may go on after the answer.
 */
export function clockSkew(node: SpanNode): ClockSkew | null {
  const { parent, startMs } = node;
  if (parent === null || processOf(parent.span) === processOf(node.span)) return null;
  const before = parent.startMs - startMs;
  if (before > TOLERANCE_MS) return { side: 'before', byMs: before };
  if (isUnawaited(node.span)) return null;
  const after = parent.endMs === null ? 0 : startMs - parent.endMs;
  return after > TOLERANCE_MS ? { side: 'after', byMs: after } : null;
}

/** Nobody waits for it, so that it may well begin when its parent is over. */
function isUnawaited({ kind, attributes }: RedactedSpan): boolean {
  const method = attributes['mcp.method.name'];
  return kind === 'consumer' || (typeof method === 'string' && method.startsWith('notifications/'));
}

/** For example “starts 120 ms before its parent: the clocks differ”. */
export function skewWords({ side, byMs }: ClockSkew): string {
  return side === 'before'
    ? `starts ${formatDuration(byMs)} before its parent: the clocks differ`
    : `starts ${formatDuration(byMs)} after its parent ended: the clocks differ, or it came late`;
}

/** The same in a few characters. */
export function skewLabel({ side, byMs }: ClockSkew): string {
  return `${side === 'before' ? '−' : '+'}${formatDuration(byMs)}`;
}

/** By how much clocks differ at most in a trace; 0 where nothing proves that they do. What begins late may just be late. */
export function largestSkew(tree: SpanTree): number {
  let most = 0;
  for (const node of tree.byId.values()) {
    const skew = clockSkew(node);
    if (skew?.side === 'before') most = Math.max(most, skew.byMs);
  }
  return most;
}
