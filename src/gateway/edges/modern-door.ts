import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { META, MODERN_CODES, MODERN_VERSIONS, readEnvelope, type Envelope } from '../era/envelope.ts';
import { statusOf } from '../era/modern-answer.ts';
import { parameterMismatch, unknownParameterHeaders } from '../era/parameter-headers.ts';
import { hasStdioClient, headerMismatch } from '../era/request-headers.ts';
import type { RpcError } from '../frame/compose.ts';
import { applyEdits } from '../frame/edit.ts';
import type { RequestFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import type { OperationObservation } from '../observer.ts';
import { RPC_CODES, type Answer } from '../routing/answer.ts';
import { targetOf } from '../routing/forward.ts';
import type { Router } from '../routing/router.ts';
import { isSameScope } from '../session/client-session.ts';
import { HeldCall, isHeldId } from '../session/held-call.ts';
import { HeldCalls } from '../session/held-calls.ts';
import type { Dispatch } from './dispatch.ts';
import type { DoorContext, Exchange } from './exchange.ts';
import { createModernListening } from './modern-listen.ts';
import { ModernReply } from './modern-reply.ts';
import type { Patience } from './patience.ts';
import { refuseNewClient } from './post.ts';
import { acceptsStream } from './reply.ts';

/** Requests of the stateless era (MCP 2026-07-28) over Streamable HTTP: each says by itself who asks, and in which revision. */
export interface ModernDoor {
  take(exchange: Exchange, frame: RequestFrame): Promise<void>;
  /** Ends held calls and open subscriptions. */
  stop(): void;
}

/** What a server may have a question about before it answers. */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

export function createModernDoor(context: DoorContext, dispatch: Dispatch): ModernDoor {
  const held = new HeldCalls();
  const { inputWaits } = context;
  const listening = createModernListening(context, dispatch);

  async function take(exchange: Exchange, frame: RequestFrame): Promise<void> {
    const read = readRequest(exchange, frame, context.router);
    if (!read.ok) {
      const { error } = read;
      exchange.refuse(400, { ...error, idText: frame.idText });
      return;
    }
    const { envelope } = read.value;
    const state = frame.params?.['requestState'];
    if (frame.method === 'subscriptions/listen') await listening.open(exchange, frame, envelope);
    // Any other state is a server's own.
    else if (typeof state === 'string' && isHeldId(state)) await goOn(exchange, frame, state);
    else await begin(exchange, frame, read.value);
  }

  async function begin(exchange: Exchange, frame: RequestFrame, { envelope, headers }: ReadRequest): Promise<void> {
    const session = context.stateless.sessionFor(exchange.visit.route.scope, envelope);
    if (session === null) {
      refuseNewClient(exchange, frame.idText);
      return;
    }
    const call = new HeldCall(frame, envelope, session);
    const reply = replyTo(exchange, call, context.patience);
    const { observation, carries } = exchange;
    const arrived = { observation, carries, session };
    const { logLevel } = envelope;
    const operation = dispatch.observe(frame, arrived);
    const first = inputWaits.resumed(frame) ?? operation;
    call.begin(MAY_ASK.has(frame.method), () =>
      dispatch.answer(frame, { ...arrived, operation, stream: call, caller: call, logLevel, headers }),
    );
    await stepOn(exchange, frame, { call, reply, first });
  }

  /** A client came back with what a server had asked. */
  async function goOn(exchange: Exchange, frame: RequestFrame, state: string): Promise<void> {
    const { scope } = exchange.visit.route;
    const isMeant = ({ request, session }: HeldCall): boolean =>
      request.method === frame.method && targetOf(request) === targetOf(frame) && isSameScope(session.scope, scope);
    const call = held.take(state, isMeant);
    if (call === null) {
      const message = 'This requestState is not known (any more); send the request again without it.';
      exchange.refuse(400, { code: RPC_CODES.invalidParams, message, idText: frame.idText });
      return;
    }
    const { observation, carries } = exchange;
    const operation = dispatch.observe(frame, { observation, carries, session: call.session });
    const first = inputWaits.resumed(frame) ?? operation;
    const reply = replyTo(exchange, call, context.patience);
    call.reply(responsesOf(frame));
    operation.end((await stepOn(exchange, frame, { call, reply, first })).outcome);
  }

  async function stepOn(exchange: Exchange, frame: RequestFrame, { call, reply, first }: Attempt): Promise<Answer> {
    const step = await call.step(reply);
    const answer = step.kind === 'answered' ? answerTo(frame, call, step.answer) : asking(frame.idText, step, call.id);
    const { text, outcome } = answer;
    if (step.kind === 'asked') held.add(call);
    if (outcome.kind === 'result') inputWaits.answered(frame, text, first);
    const statusCode = statusOf(outcome);
    const wasTaken = reply.finish(text, statusCode);
    exchange.end(wasTaken ? { kind: 'answered', statusCode, answer: outcome } : { kind: 'disconnected' });
    return answer;
  }

  return {
    take,
    stop() {
      held.stop();
      inputWaits.stop();
      listening.stop();
    },
  };
}

/** One of the requests by which a client comes to its answer. */
interface Attempt {
  readonly call: HeldCall;
  readonly reply: ModernReply;
  /** Of the first of them. */
  readonly first: OperationObservation;
}

function replyTo({ visit, observation }: Exchange, call: HeldCall, patience: Patience): ModernReply {
  return new ModernReply({
    response: visit.response,
    patience: acceptsStream(visit.request) ? patience : null,
    headers: ['x-correlation-id', observation.correlationId],
    onLeft: () => {
      call.abort();
    },
  });
}

interface ReadRequest {
  readonly envelope: Envelope;
  /** What it says beside its message that nobody here knows. */
  readonly headers: Readonly<Record<string, string>>;
}

function readRequest({ visit }: Exchange, frame: RequestFrame, router: Router): Result<ReadRequest, RpcError> {
  const { headers } = visit.request;
  const read = readEnvelope(frame);
  if (!read.ok) return read;
  const envelope = read.value;
  const { protocolVersion } = envelope;
  const parameters = router.repeatedParameters(visit.route.scope, frame);
  const mismatch =
    headerMismatch(headers, frame, envelope) ?? parameterMismatch(headers, frame, parameters, hasStdioClient(headers));
  if (mismatch !== null) return err({ code: MODERN_CODES.headerMismatch, message: mismatch });
  if (MODERN_VERSIONS.includes(protocolVersion))
    return ok({ envelope, headers: unknownParameterHeaders(headers, parameters) });
  const message = `This gateway does not speak MCP in the version that ${META.protocolVersion} names.`;
  const data = { supported: MODERN_VERSIONS, requested: protocolVersion };
  return err({ code: MODERN_CODES.unsupportedVersion, message, data });
}

function asking(idText: string, { requestsText }: { readonly requestsText: string }, state: string): Answer {
  const result = `{"resultType":"input_required","inputRequests":${requestsText},"requestState":${JSON.stringify(state)}}`;
  const text = `{"jsonrpc":"2.0","id":${idText},"result":${result}}`;
  return { text, outcome: { kind: 'result', isToolError: false, messageText: text } };
}

/** The answer to a request that was sent again bears the id of the newest. */
function answerTo({ idText }: RequestFrame, { request }: HeldCall, answer: Answer): Answer {
  if (request.idText === idText) return answer;
  const id = memberNamed(membersAt(answer.text, 0), 'id');
  if (id === undefined) return answer;
  const text = applyEdits(answer.text, [{ start: id.valueStart, end: id.valueEnd, replacement: idText }]);
  return { ...answer, text };
}

/** The source of `params.inputResponses`. */
function responsesOf(frame: RequestFrame): string {
  const params = memberNamed(frame.members, 'params');
  const responses = memberNamed(
    params === undefined ? null : membersAt(frame.text, params.valueStart),
    'inputResponses',
  );
  return responses === undefined ? '{}' : frame.text.slice(responses.valueStart, responses.valueEnd);
}
