import { elementsAt, memberNamed, membersAt, type Member } from '../gateway/frame/json-scan.ts';

/** What the bridge has to know of a message from the gateway. Read from its source alone: answers may be large. */
export type GatewayMessage =
  | { readonly kind: 'answer'; readonly idTexts: readonly string[] }
  | { readonly kind: 'request'; readonly id: Member; readonly idText: string }
  | { readonly kind: 'cancellation'; readonly id: Member; readonly idText: string }
  | { readonly kind: 'other' };

export function readGatewayMessage(text: string): GatewayMessage {
  const batch = elementsAt(text, 0);
  if (batch !== null) return { kind: 'answer', idTexts: batch.flatMap(answeredBy) };
  const members = membersAt(text, 0);
  const method = memberNamed(members, 'method');
  const id = memberNamed(members, 'id');
  if (method === undefined) return { kind: 'answer', idTexts: answeredBy(text) };
  if (id !== undefined) return { kind: 'request', id, idText: sourceOf(text, id) };
  if (sourceOf(text, method) !== '"notifications/cancelled"') return { kind: 'other' };
  const params = memberNamed(members, 'params');
  const cancelled = memberNamed(params === undefined ? null : membersAt(text, params.valueStart), 'requestId');
  if (cancelled === undefined) return { kind: 'other' };
  return { kind: 'cancellation', id: cancelled, idText: sourceOf(text, cancelled) };
}

function answeredBy(text: string): readonly string[] {
  const members = membersAt(text, 0);
  const id = memberNamed(members, 'id');
  return id === undefined || memberNamed(members, 'method') !== undefined ? [] : [sourceOf(text, id)];
}

function sourceOf(text: string, { valueStart, valueEnd }: Member): string {
  return text.slice(valueStart, valueEnd);
}
