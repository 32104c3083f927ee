import { errorText } from '../gateway/frame/compose.ts';
import { applyEdits, editId } from '../gateway/frame/edit.ts';
import { isObject, parseFrame } from '../gateway/frame/frame.ts';
import { parseJson } from '../shared/kernel/parse-json.ts';

/** The code of JSON-RPC errors that the bridge makes itself: what a server may define (JSON-RPC 2.0, 5.1). */
export const BRIDGE_ERROR = -32_000;

/** Why a call that a gateway was given has no answer. */
export const RESTARTED =
  'The gateway ended or was restarted while this call was under way, so its answer is lost and it may have had its effect: look before you call again.';
export const UNANSWERED =
  'The gateway ended this call without an answer: see its trace for the reason, and call again.';

/**
 * What the client gets as the answer to the request `idText` when the gateway refused the HTTP request that carried it:
 * the gateway's own JSON-RPC error under the right id, else its sentence, else one of ours.
 */
export function refusalText(idText: string, statusCode: number, body: string): string {
  const parsed = parseFrame(body);
  if (parsed.ok && parsed.value.kind === 'error') {
    const frame = parsed.value;
    return frame.idText === idText ? body : applyEdits(body, editId(frame, idText));
  }
  return errorText(idText, { code: BRIDGE_ERROR, message: refusalSentence(statusCode, body) });
}

export function refusalSentence(statusCode: number, body: string): string {
  const value = parseJson(body);
  const error = isObject(value) ? value['error'] : undefined;
  const message = isObject(error) ? error['message'] : undefined;
  return typeof message === 'string' ? message : `The gateway refused the message with HTTP ${statusCode}.`;
}
