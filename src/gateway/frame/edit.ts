import { parseFrame, type Frame, type NotificationFrame, type RequestFrame } from './frame.ts';
import type { TraceContext } from '../observer.ts';
import { memberNamed, membersAt, skipSpace, type Member } from './json-scan.ts';

/** Replaces `text[start, end)`. Edits of one message never overlap. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Applies edits and leaves every other character as it was. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  let result = '';
  let position = 0;
  for (const { start, end, replacement } of ordered) {
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}

/** The frame that a text becomes by edits; the same object when there are none. */
export function editedFrame<F extends Frame>(frame: F, edits: readonly Edit[]): F {
  if (edits.length === 0) return frame;
  const parsed = parseFrame(applyEdits(frame.text, edits));
  if (!parsed.ok || parsed.value.kind !== frame.kind)
    throw new Error(`An edit made something else of a ${frame.kind}.`);
  // Of the same kind, as was just seen.
  return parsed.value as F;
}

/** Gives a request or an answer another id. `idText` is JSON source. */
export function editId(frame: Frame, idText: string): Edit[] {
  const id = memberNamed(frame.members, 'id');
  return id === undefined ? [] : [{ start: id.valueStart, end: id.valueEnd, replacement: idText }];
}

/** Sets one member of `params`, when it is there. */
export function editParam(frame: RequestFrame | NotificationFrame, name: string, value: unknown): Edit[] {
  const member = memberNamed(paramsOf(frame), name);
  return member === undefined
    ? []
    : [{ start: member.valueStart, end: member.valueEnd, replacement: JSON.stringify(value) }];
}

/** Sets `params._meta.progressToken`, when it is there. */
export function editProgressToken(frame: RequestFrame | NotificationFrame, tokenText: string): Edit[] {
  const params = paramsOf(frame);
  const holder = frame.kind === 'request' ? metaOf(frame.text, params) : params;
  const token = memberNamed(holder, 'progressToken');
  return token === undefined ? [] : [{ start: token.valueStart, end: token.valueEnd, replacement: tokenText }];
}

/** Sets one member of an object within `params`, when it is there. */
export function editInnerParam(frame: RequestFrame, outer: string, name: string, value: unknown): Edit[] {
  const holder = memberNamed(paramsOf(frame), outer);
  const member = holder === undefined ? undefined : memberNamed(membersAt(frame.text, holder.valueStart), name);
  return member === undefined
    ? []
    : [{ start: member.valueStart, end: member.valueEnd, replacement: JSON.stringify(value) }];
}

/** What else `_meta` is to carry. */
interface AddedMembers {
  /** JSON source of members. */
  readonly others?: string;
  /** Header value of W3C Baggage. */
  readonly baggage?: string | null;
}

const CONTEXT_KEY = /^(?:traceparent|tracestate|baggage)$/i;

/**
 * Makes `params._meta` carry exactly this trace context (SEP-414): what the caller had put there, in any letter case,
 * goes (R61), its other keys stay (R60). A null context removes the caller's and adds none. A `_meta` that is no object
 * is left alone: it is the server's to refuse.
 */
export function editTraceContext(
  frame: RequestFrame | NotificationFrame,
  context: TraceContext | null,
  { others = '', baggage = null }: AddedMembers = {},
): Edit[] {
  const entries = [others, ...(context === null ? [] : [contextMembers(context)]), baggageMember(baggage)]
    .filter((entry) => entry !== '')
    .join(',');
  const metaMember = memberNamed(paramsOf(frame), '_meta');
  if (metaMember === undefined) return entries === '' ? [] : addParams(frame, `"_meta":{${entries}}`);
  const meta = membersAt(frame.text, metaMember.valueStart);
  return meta === null ? [] : exchangeMembers(frame.text, metaMember.valueStart, { meta, entries, leaves: isContext });
}

/** Takes this member out of `params._meta`. */
export function removeMeta(frame: RequestFrame | NotificationFrame, key: string): Edit[] {
  const metaMember = memberNamed(paramsOf(frame), '_meta');
  const meta = metaMember === undefined ? null : membersAt(frame.text, metaMember.valueStart);
  if (metaMember === undefined || meta === null) return [];
  const leaves = (member: Member): boolean => member.key === key;
  return exchangeMembers(frame.text, metaMember.valueStart, { meta, entries: '', leaves });
}

function isContext({ key }: Member): boolean {
  return CONTEXT_KEY.test(key);
}

interface MemberExchange {
  readonly meta: readonly Member[];
  readonly entries: string;
  readonly leaves: (member: Member) => boolean;
}

/** Takes members out and puts `entries` behind the others; every other byte stays. */
function exchangeMembers(text: string, metaStart: number, { meta, entries, leaves }: MemberExchange): Edit[] {
  const [first, last] = [meta[0], meta.at(-1)];
  if (first === undefined || last === undefined) return entries === '' ? [] : [insertFirst(text, metaStart, entries)];
  // As nearly always.
  if (!meta.some(leaves))
    return entries === '' ? [] : [{ start: last.valueEnd, end: last.valueEnd, replacement: `,${entries}` }];
  const lastKept = meta.findLast((member) => !leaves(member));
  if (lastKept === undefined) return [{ start: first.keyStart, end: last.valueEnd, replacement: entries }];
  const edits: Edit[] = meta.flatMap((member, index) => {
    const next = meta[index + 1];
    if (!leaves(member) || next === undefined || member.keyStart > lastKept.keyStart) return [];
    return [{ start: member.keyStart, end: next.keyStart, replacement: '' }];
  });
  const replacement = entries === '' ? '' : `,${entries}`;
  if (replacement === '' && last === lastKept) return edits;
  return [...edits, { start: lastKept.valueEnd, end: last.valueEnd, replacement }];
}

/** Adds members (JSON source) to `params`, which is made when it is not there; every other byte stays. */
export function addParams(frame: RequestFrame | NotificationFrame, entries: string): Edit[] {
  const params = memberNamed(frame.members, 'params');
  return [
    params === undefined
      ? insertFirst(frame.text, 0, `"params":{${entries}}`)
      : insertFirst(frame.text, params.valueStart, entries),
  ];
}

/** Adds members (JSON source) to `params._meta`, which is made when it is not there; one that is no object stays. */
export function addMeta(frame: RequestFrame | NotificationFrame, entries: string): Edit[] {
  const meta = memberNamed(paramsOf(frame), '_meta');
  if (meta === undefined) return addParams(frame, `"_meta":{${entries}}`);
  return membersAt(frame.text, meta.valueStart) === null ? [] : [insertFirst(frame.text, meta.valueStart, entries)];
}

function contextMembers({ traceparent, tracestate }: TraceContext): string {
  const parent = `"traceparent":${JSON.stringify(traceparent)}`;
  return tracestate === null ? parent : `${parent},"tracestate":${JSON.stringify(tracestate)}`;
}

function baggageMember(baggage: string | null): string {
  return baggage === null ? '' : `"baggage":${JSON.stringify(baggage)}`;
}

/** Inserts members right behind the opening brace of the object at `objectStart`. */
export function insertFirst(text: string, objectStart: number, member: string): Edit {
  const brace = text.indexOf('{', objectStart);
  const isEmpty = text.charAt(skipSpace(text, brace + 1)) === '}';
  return { start: brace + 1, end: brace + 1, replacement: isEmpty ? member : `${member},` };
}

function paramsOf(frame: RequestFrame | NotificationFrame): readonly Member[] | null {
  const params = memberNamed(frame.members, 'params');
  return params === undefined ? null : membersAt(frame.text, params.valueStart);
}

function metaOf(text: string, params: readonly Member[] | null): readonly Member[] | null {
  const meta = memberNamed(params, '_meta');
  return meta === undefined ? null : membersAt(text, meta.valueStart);
}
