import type { ServerId } from '../../shared/domain/ids.ts';
import { requestText } from '../frame/compose.ts';
import { addParams, editedFrame } from '../frame/edit.ts';
import { needsInput } from '../era/input-required.ts';
import { isObject, parseFrame, type NotificationFrame, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import { UpstreamFailure } from '../failure.ts';
import { asRequest } from '../upstream/handshake.ts';
import type { ClientCall } from './forward.ts';

/** Who goes on asking after this many rounds gets no further answers. */
const MOST_ROUNDS = 16;

/** A client's call, and the server that may ask it something. */
export interface AskingCall extends ClientCall {
  readonly serverId: ServerId;
}

/**
 * Sends a request for a client of the era of handshakes. A server of the stateless era that needs something of the client
 * says so in place of an answer (`input_required`, MCP 2026-07-28): the client is asked as its own era has it, and the
 * request is sent again with what it said. Rejects with an UpstreamFailure when the client cannot be asked or refuses.
 */
export async function withClientInput(
  call: AskingCall,
  request: RequestFrame,
  send: (request: RequestFrame) => Promise<ResponseFrame>,
): Promise<ResponseFrame> {
  let response = await send(request);
  for (let round = 0; round < MOST_ROUNDS && needsInput(response); round += 1) {
    response = await send(await retryOf(request, response, call));
  }
  return response;
}

async function retryOf(request: RequestFrame, response: ResponseFrame, call: AskingCall): Promise<RequestFrame> {
  const result = memberNamed(response.members, 'result');
  const members = result === undefined ? null : membersAt(response.text, result.valueStart);
  const requests = memberNamed(members, 'inputRequests');
  const asked = requests === undefined ? [] : (membersAt(response.text, requests.valueStart) ?? []);
  const replies = await Promise.all(
    asked.map(async ({ key, valueStart, valueEnd }) => {
      const reply = await askClient(response.text.slice(valueStart, valueEnd), call);
      return `${JSON.stringify(key)}:${reply}`;
    }),
  );
  const state = memberNamed(members, 'requestState');
  // Byte by byte as it came: it may be sealed.
  const stateText =
    state === undefined ? '' : `,"requestState":${response.text.slice(state.valueStart, state.valueEnd)}`;
  return editedFrame(request, addParams(request, `"inputResponses":{${replies.join(',')}}${stateText}`));
}

/** Resolves with the source of what the client answered. */
function askClient(questionText: string, call: AskingCall): Promise<string> {
  const { session, signal, serverId } = call;
  const question: unknown = JSON.parse(questionText);
  const method = isObject(question) ? question['method'] : undefined;
  if (!isObject(question) || typeof method !== 'string')
    return Promise.reject(
      new UpstreamFailure('mcp_protocol_error', 'The server asked its client for nothing it can name.'),
    );
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      asker.isClosed = true;
      session.closed();
      reject(new UpstreamFailure('cancelled', 'The caller cancelled the call.'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const refused = (): void => {
      reject(new UpstreamFailure('mcp_protocol_error', `The client did not answer the server's "${method}".`));
    };
    const asker = {
      serverId,
      isClosed: false,
      post(text: string): Promise<void> {
        signal.removeEventListener('abort', onAbort);
        const source = resultSourceOf(text);
        if (source !== null) resolve(source);
        else refused();
        return Promise.resolve();
      },
      notify(frame: NotificationFrame): Promise<null> {
        if (frame.method === 'notifications/cancelled') refused();
        return Promise.resolve(null);
      },
    };
    session.ask(asRequest(requestText('0', method, question['params'] ?? {})), asker, call);
  });
}

function resultSourceOf(text: string): string | null {
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind !== 'result') return null;
  const result = memberNamed(parsed.value.members, 'result');
  return result === undefined ? null : text.slice(result.valueStart, result.valueEnd);
}
