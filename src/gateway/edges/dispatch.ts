import { baggageText, type CarriesBaggage } from '../baggage.ts';
import { modernAnswer } from '../era/modern-answer.ts';
import { requestText } from '../frame/compose.ts';
import { parseFrame, traceMetaOf, type NotificationFrame, type RequestFrame } from '../frame/frame.ts';
import type { ExchangeObservation, OperationObservation, OperationStart } from '../observer.ts';
import { failureAnswer, refusal, RPC_CODES, type Answer } from '../routing/answer.ts';
import { targetOf, type ClientCall } from '../routing/forward.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { MessageStream } from '../session/message-stream.ts';
import type { RunningCall } from '../session/running-call.ts';
import { asRequest } from '../upstream/handshake.ts';
import type { DoorContext } from './exchange.ts';

export interface Endable {
  abort(): void;
}

/** Whoever waits for an answer, and may leave before it comes. */
export interface Caller {
  /** Ends this when the caller will not take the answer any more; at once when that is so already. */
  endWithCaller(calls: Endable): void;
}

/** What a door hands over with a message. */
export interface Delivery {
  readonly observation: Pick<ExchangeObservation, 'operation'>;
  readonly carries: CarriesBaggage;
  readonly session: ClientSession;
  /** Where messages go that come before the answer. */
  readonly stream: MessageStream;
  readonly caller: Caller;
  /** The request's operation, where its door began it. */
  readonly operation?: OperationObservation;
  /** Of the stateless era: the least severe log message that this request wants. */
  readonly logLevel?: string | null;
  /** Of the stateless era: what the request says in headers that nobody here knows. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

type LinkedMeta = OperationStart['linkedMeta'];

/** Handles messages, whichever door they came through. */
export interface Dispatch {
  /** Answers one request under an operation of its own: `initialize` for the session it opened, all else by routing. Never rejects. */
  answer(frame: RequestFrame, delivery: Delivery): Promise<Answer>;
  /** Begins the operation of a request, for a door that has to do with it itself. */
  observe(frame: RequestFrame, delivery: Pick<Delivery, 'observation' | 'carries' | 'session'>): OperationObservation;
  /** Takes a notification to where it belongs. Never rejects. */
  notify(frame: NotificationFrame, delivery: Omit<Delivery, 'stream' | 'caller'>): Promise<void>;
  /**
   * Handles the entries of a JSON-RPC batch (MCP 2025-03-26) all at the same time, each under an operation of its own
   * (R42), and resolves with the texts of those answers that are asked for. Never rejects.
   */
  batch(texts: readonly string[], delivery: Delivery): Promise<readonly string[]>;
}

export function createDispatch(context: DoorContext): Dispatch {
  return {
    answer: (frame, delivery) => answer(frame, delivery, null, context),
    observe: (frame, delivery) => delivery.observation.operation(operationStart(frame, delivery, null)),
    notify: (frame, delivery) => notify(frame, delivery, null, context),
    async batch(texts, delivery) {
      const calls: Endable[] = [];
      delivery.caller.endWithCaller({
        abort() {
          for (const call of calls) call.abort();
        },
      });
      const caller: Caller = { endWithCaller: (call) => calls.push(call) };
      const entries = texts.map((text) => handleEntry(text, { ...delivery, caller }, context));
      return (await Promise.all(entries)).filter((entry) => entry !== null);
    },
  };
}

/** The answer's text, or null when the entry asks for none. */
async function handleEntry(text: string, delivery: Delivery, context: DoorContext): Promise<string | null> {
  const parsed = parseFrame(text);
  if (!parsed.ok) return refusal(parsed.error.idText ?? 'null', RPC_CODES.invalidRequest, parsed.error.message).text;
  const frame = parsed.value;
  switch (frame.kind) {
    case 'request':
      if (frame.method === 'initialize')
        return refusal(frame.idText, RPC_CODES.invalidRequest, '"initialize" cannot be part of a batch.').text;
      return (await answer(frame, delivery, traceMetaOf(frame), context)).text;
    case 'notification':
      await notify(frame, delivery, traceMetaOf(frame), context);
      return null;
    case 'result':
    case 'error':
      delivery.session.answer(frame);
      return null;
  }
}

async function answer(
  frame: RequestFrame,
  delivery: Delivery,
  linkedMeta: LinkedMeta,
  context: DoorContext,
): Promise<Answer> {
  const { observation, session, stream, caller, logLevel = null, headers = NO_HEADERS } = delivery;
  const operation = delivery.operation ?? observation.operation(operationStart(frame, delivery, linkedMeta));
  const running = session.begin(frame.idText);
  if (running === null) {
    const duplicate = refusal(
      frame.idText,
      RPC_CODES.invalidRequest,
      'A request with this id is still being answered.',
    );
    operation.end(duplicate.outcome);
    return duplicate;
  }
  caller.endWithCaller(running);
  const { signal } = running;
  const baggage = baggageText(delivery.carries(traceMetaOf(frame)));
  const call = { session, request: frame, operation, stream, signal, logLevel, headers, baggage };
  const answered = await orGivenUp(route(call, context), running, frame.idText);
  session.finish(running);
  if (frame.method === 'initialize' && session.protocolVersion !== null) operation.agreed(session.protocolVersion);
  operation.end(answered.outcome);
  return answered;
}

async function route(call: LevelledCall, context: DoorContext): Promise<Answer> {
  try {
    if (call.session.kind === 'stateless') return modernAnswer(call.request, await routeModern(call, context));
    if (call.request.method === 'initialize') return await context.router.initialize(call);
    return await context.router.route(call);
  } catch (error) {
    context.onDefect(error);
    const message = 'The gateway failed while it handled this call.';
    return refusal(call.request.idText, RPC_CODES.internalError, message);
  }
}

/** What the stateless era has no more is not there for its clients, even where the server knows it (MCP 2026-07-28). */
const REMOVED: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);

interface LevelledCall extends ClientCall {
  readonly logLevel: string | null;
}

async function routeModern(call: LevelledCall, { router }: DoorContext): Promise<Answer> {
  const { request, session } = call;
  const { logLevel } = call;
  if (logLevel !== null && logLevel !== session.logLevel) {
    session.logLevel = logLevel;
    // A server that has no log to speak of refuses, which is no reason not to ask it for the rest.
    await router.route({ ...call, request: asRequest(requestText('0', 'logging/setLevel', { level: logLevel })) });
  }
  if (request.method === 'server/discover') return await router.discover(call);
  if (REMOVED.has(request.method))
    return refusal(request.idText, RPC_CODES.methodNotFound, `MCP 2026-07-28 has no method "${request.method}".`);
  return await router.route(call);
}

/** A call that was ended and whose handling goes on all the same counts as cancelled (R40). */
function orGivenUp(handled: Promise<Answer>, running: RunningCall, idText: string): Promise<Answer> {
  return new Promise((resolve) => {
    running.whenIgnored(() => {
      resolve(failureAnswer(idText, { kind: 'cancelled' }));
    });
    void handled.then(resolve);
  });
}

async function notify(
  frame: NotificationFrame,
  delivery: Omit<Delivery, 'stream' | 'caller'>,
  linkedMeta: LinkedMeta,
  { router }: DoorContext,
): Promise<void> {
  const { observation, session, carries } = delivery;
  const operation = observation.operation(operationStart(frame, delivery, linkedMeta));
  await router.notify(frame, { session, operation, baggage: baggageText(carries(traceMetaOf(frame))) });
  operation.end({ kind: 'accepted' });
}

function operationStart(
  frame: RequestFrame | NotificationFrame,
  { session, carries }: Pick<Delivery, 'session' | 'carries'>,
  linkedMeta: LinkedMeta,
): OperationStart {
  return {
    method: frame.method,
    requestIdText: frame.kind === 'request' ? frame.idText : null,
    params: frame.params,
    messageText: frame.text,
    target: frame.kind === 'request' ? targetOf(frame) : null,
    serverId: session.scope.kind === 'server' ? session.scope.serverId : null,
    virtualServerId: session.scope.kind === 'virtual' ? session.scope.id : null,
    sessionId: session.kind === 'stateless' ? null : session.id,
    protocolVersion: session.protocolVersion,
    clientName: session.clientName,
    linkedMeta,
    baggage: carries(traceMetaOf(frame)),
  };
}
