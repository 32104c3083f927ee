import { messageTextsOf, parseFrame, traceMetaOf, type Frame } from '../frame/frame.ts';
import type { EpochMillis } from '../clock.ts';
import type { TraceContext } from '../observer.ts';
import { RPC_CODES } from '../routing/answer.ts';
import type { ClientSession } from '../session/client-session.ts';
import { readBody } from './body.ts';
import { Exchange, type DoorContext, type ExchangeContext, type Visit } from './exchange.ts';

/** What a POST brought: one message, or the texts of a batch. */
export type Received =
  { readonly kind: 'one'; readonly frame: Frame } | { readonly kind: 'batch'; readonly texts: readonly string[] };

export type ReceiveContext = ExchangeContext & Pick<DoorContext, 'clock' | 'inputWaits' | 'maxBodyBytes' | 'onDefect'>;

export type Handle = (exchange: Exchange, received: Received) => Promise<void>;

/** The session in whose name a request speaks, where it names one. */
export type SessionOf = (visit: Visit) => ClientSession | null;

const MAX_BATCH_ENTRIES = 100;

/** What a door does with a POST. */
export interface Reception {
  readonly handle: Handle;
  readonly sessionOf: SessionOf;
}

/**
 * Reads a POST and begins its trace. `handle` gets what is JSON-RPC, all else is refused here. The exchange ends even
 * when `handle` fails (R40).
 */
export function receive(visit: Visit, context: ReceiveContext, reception: Reception): void {
  const { clock, maxBodyBytes } = context;
  clock.follow();
  const receivedAt = clock.now();
  readBody(visit.request, maxBodyBytes, (body) => {
    if (body.ok) take(visit, context, reception, body.value, receivedAt);
    else {
      const exchange = new Exchange(visit, context, receivedAt);
      if (body.error === 'disconnected') exchange.end({ kind: 'disconnected' });
      else exchange.refuseTooLarge(maxBodyBytes);
    }
  });
}

function take(
  visit: Visit,
  context: ReceiveContext,
  { handle, sessionOf }: Reception,
  body: string,
  receivedAt: EpochMillis,
): void {
  const batch = messageTextsOf(body);
  if (batch !== null) {
    const exchange = new Exchange(visit, context, receivedAt);
    if (batch.length > 0 && batch.length <= MAX_BATCH_ENTRIES) {
      handOver(exchange, { kind: 'batch', texts: batch }, context, handle);
      return;
    }
    const message = `A batch has 1 to ${MAX_BATCH_ENTRIES} messages.`;
    exchange.refuse(400, { code: RPC_CODES.invalidRequest, message, idText: null });
    return;
  }
  const parsed = parseFrame(body);
  if (parsed.ok) {
    const frame = parsed.value;
    const placement = { meta: traceMetaOf(frame), continues: earlierOf(frame, sessionOf, visit, context) };
    handOver(new Exchange(visit, context, receivedAt, placement), { kind: 'one', frame }, context, handle);
    return;
  }
  const exchange = new Exchange(visit, context, receivedAt);
  const { kind, message, idText } = parsed.error;
  const code = kind === 'parse' ? RPC_CODES.parse : RPC_CODES.invalidRequest;
  exchange.refuse(400, { code, message, idText });
}

/** What a message goes on with: an answer with the question, a request that comes again with the one that came first. */
function earlierOf(
  frame: Frame,
  sessionOf: SessionOf,
  visit: Visit,
  { inputWaits }: ReceiveContext,
): TraceContext | null {
  if (frame.kind === 'request') return inputWaits.contextOf(frame);
  if (frame.kind === 'notification') return null;
  return sessionOf(visit)?.questionOf(frame.idText)?.observation.traceContext ?? null;
}

function handOver(exchange: Exchange, received: Received, { onDefect }: ReceiveContext, handle: Handle): void {
  handle(exchange, received).catch((error: unknown) => {
    onDefect(error);
    exchange.fail();
  });
}
