import { millisBetween } from '../../src/shared/domain/ids.ts';
import type { UnixNano } from '../../src/shared/domain/ids.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { formatClock, formatDuration } from './format.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

const METHODS_ATTRIBUTE = 'throughline.input.methods';

/** Whose part it is to answer. */
export type AskedOf = 'user' | 'model' | 'folders' | 'several';

interface Asked {
  readonly of: AskedOf;
  /** Who or what is waited for. */
  readonly whom: string;
  /** What the server did. */
  readonly asked: string;
}

const ASKED: ReadonlyMap<string, Asked> = new Map([
  ['elicitation/create', { of: 'user', whom: 'the user', asked: 'asked the user a question' }],
  ['sampling/createMessage', { of: 'model', whom: 'the model', asked: 'asked the client’s model for words' }],
  ['roots/list', { of: 'folders', whom: 'the client’s folders', asked: 'asked the client for its folders' }],
]);

const ASKED_OTHERWISE: Asked = { of: 'several', whom: 'the client', asked: 'asked the client for something' };

/** A wait for what a server has asked a client for. */
export function isInputWait(span: RedactedSpan): boolean {
  return METHODS_ATTRIBUTE in span.attributes;
}

export type WaitOutcome = 'waiting' | 'answered' | 'unanswered';

export function waitOutcome(span: RedactedSpan): WaitOutcome {
  if (span.endTime === null) return 'waiting';
  return span.status.code === 'error' || 'error.type' in span.attributes ? 'unanswered' : 'answered';
}

/** For example “waits for the user”; in the past where the wait is over. */
export function waitLabel(span: RedactedSpan): string {
  return `${span.endTime === null ? 'waits' : 'waited'} for ${whomWords(methodsOf(span))}`;
}

/** Who or what is waited for, for methods such as `elicitation/create`. */
function whomWords(methods: readonly string[]): string {
  return listed(askedFor(methods).map(({ whom }) => whom));
}

/** What the server did that is waited for now. */
export function askedWords(methods: readonly string[]): string {
  return listed(askedFor(methods).map(({ asked }) => asked));
}

export function askedOf(span: RedactedSpan): AskedOf {
  const [only, ...others] = askedFor(methodsOf(span));
  return only === undefined || others.length > 0 ? 'several' : only.of;
}

/** Whose part it is to answer a method; null for one that asks nothing of a client. */
export function askedKind(method: string): AskedOf | null {
  return ASKED.get(method)?.of ?? null;
}

/** What happened in a wait, in one plain sentence. */
export function waitSentence(span: RedactedSpan): string {
  const methods = methodsOf(span);
  const asked = `The server ${askedWords(methods)}`;
  const several = methods.length > 1;
  const { startTime, endTime } = span;
  if (endTime === null)
    return `${asked} at ${formatClock(startTime).slice(0, 8)}; ${several ? 'not all answers have' : 'the answer has not'} come yet.`;
  const took = formatDuration(millisBetween(startTime, endTime));
  if (waitOutcome(span) === 'unanswered') return `${asked}; nobody answered, and the wait ended after ${took}.`;
  return `${asked}; ${several ? 'the answers' : 'the answer'} came after ${took}.`;
}

/** The waits of a tree, in no order. */
export function inputWaits(tree: SpanTree): readonly SpanNode[] {
  return [...tree.byId.values()].filter(({ span }) => isInputWait(span));
}

/** Since when something has been waited for that is still open; null when nothing is. */
export function waitingSince(waits: readonly SpanNode[]): UnixNano | null {
  return waits.reduce<UnixNano | null>(
    (first, { span: { startTime, endTime } }) =>
      endTime === null && (first === null || startTime < first) ? startTime : first,
    null,
  );
}

function methodsOf(span: RedactedSpan): readonly string[] {
  const methods = span.attributes[METHODS_ATTRIBUTE];
  return Array.isArray(methods) ? methods.map(String) : [];
}

function askedFor(methods: readonly string[]): readonly Asked[] {
  const known = [...new Set(methods.map((method) => ASKED.get(method) ?? ASKED_OTHERWISE))];
  return known.length === 0 ? [ASKED_OTHERWISE] : known;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
