import type { ClientSession } from '../session/client-session.ts';
import { EventWriter } from './event-writer.ts';
import { exchangeStart, refuseUntraced, type DoorContext, type Visit } from './exchange.ts';
import { primes } from './reply.ts';

/**
 * Opens the stream for what belongs to no call, or goes on with any stream of the session after the event that
 * `Last-Event-ID` names. A stream that has nothing left gets 204, on which event sources stop coming back.
 */
export function listen(visit: Visit, session: ClientSession, context: DoorContext): void {
  const { request, response } = visit;
  const lastEventId = request.headers['last-event-id'];
  const resumedFrom = typeof lastEventId === 'string' ? lastEventId : null;
  const position =
    resumedFrom === null ? { stream: session.streams.news, number: null } : session.streams.find(resumedFrom);
  if (position === null) {
    refuseUntraced(response, 400, 'The events after this Last-Event-ID are no longer kept: send the request again.');
    return;
  }
  const { stream, number } = position;
  if (number !== null && stream.isOver(number)) {
    response.writeHead(204).end();
    return;
  }
  const { clock, observer } = context;
  clock.follow();
  const start = exchangeStart(visit, context, clock.now());
  const observation = observer.stream({ ...start, sessionId: session.id, resumedFrom });
  const writer = new EventWriter(response, [
    'x-correlation-id',
    observation.correlationId,
    'mcp-session-id',
    session.id,
  ]);
  response.once('close', () => {
    stream.lost(writer);
    session.lastUsedAt = clock.now();
    observation.closed(writer.messages);
  });
  if (stream === session.streams.news) session.listen(stream);
  if (number === null && primes(session)) writer.prime(stream.position);
  writer.flush();
  stream.attach(writer, number);
}
