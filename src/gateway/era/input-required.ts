import { isObject, type Frame, type JsonObject, type RequestFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';

/** Whether a server wants something of its client before it answers (`input_required`, MCP 2026-07-28). */
export function needsInput(answer: Frame): boolean {
  return resultOf(answer)['resultType'] === 'input_required';
}

/** One of the things that a server wants of its client: JSON source and what was read from it. */
export interface InputRequest {
  readonly key: string;
  /** For example `elicitation/create`. */
  readonly method: string;
  readonly meta: JsonObject | null;
  readonly text: string;
}

/** What it wants, in the order of the answer; what names no method is nothing that can be answered. */
export function inputRequestsOf(answer: Frame): readonly InputRequest[] {
  const requests = resultOf(answer)['inputRequests'];
  if (!isObject(requests)) return [];
  const result = memberNamed(answer.members, 'result');
  return entriesOf(answer.text, result?.valueStart, 'inputRequests').flatMap(({ key, text }) => {
    const request = requests[key];
    if (!isObject(request) || typeof request['method'] !== 'string' || request['method'] === '') return [];
    const { method, params } = request;
    const meta = isObject(params) ? params['_meta'] : null;
    return [{ key, method, meta: isObject(meta) ? meta : null, text }];
  });
}

/** What a client brings with the request that it sends again: JSON source by key. */
export function inputResponsesOf(request: RequestFrame): ReadonlyMap<string, string> {
  const params = memberNamed(request.members, 'params');
  return new Map(entriesOf(request.text, params?.valueStart, 'inputResponses').map(({ key, text }) => [key, text]));
}

/** The members of an object that is itself a member of the object at `start`. */
function entriesOf(text: string, start: number | undefined, name: string): readonly { key: string; text: string }[] {
  const holder = start === undefined ? undefined : memberNamed(membersAt(text, start), name);
  const members = holder === undefined ? null : membersAt(text, holder.valueStart);
  return (members ?? []).map(({ key, valueStart, valueEnd }) => ({ key, text: text.slice(valueStart, valueEnd) }));
}

/** What its client must send back with what it wants; null when it is nothing. */
export function requestStateOf(answer: Frame): string | null {
  const state = resultOf(answer)['requestState'];
  return typeof state === 'string' ? state : null;
}

/** Whether a client comes again with what a server wanted of it. */
export function bringsInput({ params }: RequestFrame): boolean {
  return typeof params?.['requestState'] === 'string' || isObject(params?.['inputResponses']);
}

function resultOf(answer: Frame): Readonly<Record<string, unknown>> {
  return answer.kind === 'result' && isObject(answer.result) ? answer.result : {};
}
