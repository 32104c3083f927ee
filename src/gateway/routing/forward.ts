import { applyEdits, editedFrame, editId, type Edit } from '../frame/edit.ts';
import type { RequestFrame, ResponseFrame } from '../frame/frame.ts';
import type { InterceptedCall, Interceptor } from '../interceptor.ts';
import type { OperationObservation } from '../observer.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { MessageStream } from '../session/message-stream.ts';
import { countOf } from '../upstream/catalog.ts';
import { callServer } from '../upstream/server-call.ts';
import { outcomeOf, outcomeOfFailure } from '../upstream/outcome.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateClient } from './aggregate-client.ts';
import { withClientInput } from './client-input.ts';
import { failureAnswer, refusal, type Answer } from './answer.ts';

/** A client's request and everything that belongs to it while it is handled. */
export interface ClientCall {
  readonly session: ClientSession;
  readonly request: RequestFrame;
  readonly operation: OperationObservation;
  /** Where messages go that come before the answer. */
  readonly stream: MessageStream;
  readonly signal: AbortSignal;
  /** Header value of W3C Baggage that is to go on with it; null for none. */
  readonly baggage?: string | null;
  /** What its client said in headers that nobody here knows, and whoever it is for may (MCP 2026-07-28). */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Destination {
  readonly server: UpstreamServer;
  /** The server's own name of the tool or prompt, or the resource's URI. */
  readonly target: string | null;
  /** What must change in the request for the server to understand it. */
  readonly edits: readonly Edit[];
  /** Who asks, where several servers' names stand side by side; null at a server's own endpoint, where all stays as it is. */
  readonly client: AggregateClient | null;
}

/** What a request is about: a tool's or prompt's name, or a resource's URI. */
export function targetOf(request: RequestFrame): string | null {
  const value = request.method.startsWith('resources/') ? request.params?.['uri'] : request.params?.['name'];
  return typeof value === 'string' ? value : null;
}

/** Takes one call through the interceptors to its server and back. Never rejects: a failure becomes the answer. */
export async function forward(call: ClientCall, destination: Destination, interceptor: Interceptor): Promise<Answer> {
  const { request, operation } = call;
  const { server, target, client } = destination;
  operation.routed(server.id, target);
  try {
    const intercepted: InterceptedCall = {
      serverId: server.id,
      sessionId: call.session.id,
      request: editedFrame(request, destination.edits),
      operation,
      signal: call.signal,
    };
    const before = await interceptor.before(intercepted);
    if (before.kind === 'stop') return stopped(request.idText, before.violation);
    // Headers must not say what was taken out of the message.
    const headers = before.request === intercepted.request ? call.headers : undefined;
    const sendNow = (sent: RequestFrame): Promise<ResponseFrame> => send(call, destination, sent, headers);
    const response =
      call.session.kind === 'stateless'
        ? await sendNow(before.request)
        : await withClientInput({ ...call, serverId: server.id }, before.request, sendNow);
    const after = await interceptor.after(intercepted, response);
    if (after.kind === 'stop') return stopped(request.idText, after.violation);
    return passedOn(request, client === null ? after.response : client.answered(after.response, server));
  } catch (error) {
    return failureAnswer(request.idText, outcomeOfFailure(error, server.settings.sanitize, null));
  } finally {
    call.session.endWaits(operation);
  }
}

/** A server's answer under the client's id. */
export function passedOn(request: RequestFrame, response: ResponseFrame): Answer {
  const text = applyEdits(response.text, editId(response, request.idText));
  const outcome = outcomeOf(response, text);
  return {
    text,
    outcome: outcome.kind === 'result' ? { ...outcome, count: countOf(request.method, response) } : outcome,
  };
}

function send(
  call: ClientCall,
  destination: Destination,
  request: RequestFrame,
  headers: ClientCall['headers'],
): Promise<ResponseFrame> {
  const { server, target, client } = destination;
  const { session, operation, signal } = call;
  const ask = (): Promise<ResponseFrame> =>
    callServer({
      server,
      owner: client?.owner ?? session,
      operation,
      request,
      signal,
      target,
      headers,
      baggage: call.baggage,
      onRelated: (frame, { session: upstream }) => {
        const related = client === null ? frame : client.related(frame, upstream);
        if (related !== null) session.relate(related, upstream, call);
      },
    });
  const levelled = client?.levelled(call, server) ?? null;
  return levelled === null ? ask() : levelled.then(ask);
}

function stopped(
  idText: string,
  violation: { readonly code: number; readonly message: string; readonly data?: unknown },
): Answer {
  return refusal(idText, violation.code, violation.message, violation.data);
}
