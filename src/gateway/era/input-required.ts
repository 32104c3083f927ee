import { isObject, type Frame, type RequestFrame } from '../frame/frame.ts';

/** Whether a server wants something of its client before it answers (`input_required`, MCP 2026-07-28). */
export function needsInput(answer: Frame): boolean {
  return resultOf(answer)['resultType'] === 'input_required';
}

/** What it wants, for example `elicitation/create`; each once, in the order of the answer. */
export function askedMethods(answer: Frame): readonly string[] {
  const requests = resultOf(answer)['inputRequests'];
  const methods = Object.values(isObject(requests) ? requests : {}).map((request) =>
    isObject(request) && typeof request['method'] === 'string' ? request['method'] : '',
  );
  return [...new Set(methods)].filter((method) => method !== '');
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
