import { applyEdits, insertFirst, type Edit } from '../frame/edit.ts';
import type { RequestFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import type { CallOutcome } from '../observer.ts';
import type { Answer } from '../routing/answer.ts';
import { targetOf } from '../routing/forward.ts';
import { MODERN_CODES } from './envelope.ts';
import { NOT_TO_BE_KEPT } from './freshness.ts';

const CACHEABLE: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);
const STATUS: ReadonlyMap<number, number> = new Map([
  [MODERN_CODES.methodNotFound, 404],
  [MODERN_CODES.headerMismatch, 400],
  [MODERN_CODES.missingCapability, 400],
  [MODERN_CODES.unsupportedVersion, 400],
]);
/** What a resource that is not there was answered with before 2026-07-28. */
const FORMER_NOT_FOUND = -32002;

/**
 * Makes an answer of the era of handshakes one of the stateless era: `resultType`, and for lists and resources how long
 * they hold, are added where they are missing; every other byte stays.
 */
export function modernAnswer(request: RequestFrame, answer: Answer): Answer {
  const { text, outcome } = answer;
  const members = membersAt(text, 0);
  const result = memberNamed(members, 'result');
  if (outcome.kind === 'result' && result !== undefined) {
    const messageText = completed(text, result.valueStart, request.method);
    return { text: messageText, outcome: { ...outcome, messageText } };
  }
  const error = memberNamed(members, 'error');
  if (outcome.kind !== 'error' || outcome.code !== FORMER_NOT_FOUND || error === undefined) return answer;
  if (request.method !== 'resources/read') return answer;
  const messageText = notFound(text, error.valueStart, targetOf(request));
  return { text: messageText, outcome: { ...outcome, code: MODERN_CODES.invalidParams, messageText } };
}

/** The status of the HTTP response that brings an answer, when it is no event stream. */
export function statusOf(outcome: CallOutcome): number {
  return (outcome.kind === 'error' ? STATUS.get(outcome.code) : undefined) ?? 200;
}

/** The code of 2026-07-28, and which resource it is about where the server does not say. */
function notFound(text: string, errorStart: number, uri: string | null): string {
  const members = membersAt(text, errorStart);
  const code = memberNamed(members, 'code');
  if (code === undefined) return text;
  const edits: Edit[] = [
    { start: code.valueStart, end: code.valueEnd, replacement: String(MODERN_CODES.invalidParams) },
  ];
  if (memberNamed(members, 'data') === undefined && uri !== null)
    edits.push(insertFirst(text, errorStart, `"data":${JSON.stringify({ uri })}`));
  return applyEdits(text, edits);
}

function completed(text: string, resultStart: number, method: string): string {
  const members = membersAt(text, resultStart);
  if (members === null) return text;
  const type = memberNamed(members, 'resultType');
  const missing: string[] = type === undefined ? ['"resultType":"complete"'] : [];
  const isComplete = type === undefined || JSON.parse(text.slice(type.valueStart, type.valueEnd)) === 'complete';
  // What waits for its client's input is no result to be kept, and says nothing of it.
  if (isComplete && CACHEABLE.has(method)) {
    const { ttlMs, cacheScope } = NOT_TO_BE_KEPT;
    if (memberNamed(members, 'ttlMs') === undefined) missing.push(`"ttlMs":${ttlMs}`);
    if (memberNamed(members, 'cacheScope') === undefined) missing.push(`"cacheScope":"${cacheScope}"`);
  }
  return missing.length === 0 ? text : applyEdits(text, [insertFirst(text, resultStart, missing.join(','))]);
}
