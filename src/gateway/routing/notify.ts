import { editedFrame } from '../frame/edit.ts';
import type { NotificationFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import type { OperationObservation } from '../observer.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { Questioner } from '../upstream/question.ts';
import { notifyServer } from '../upstream/server-call.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateClient } from './aggregate-client.ts';
import type { Views } from './view.ts';

/** Who tells something, and what belongs to it. */
export interface ClientNotification {
  readonly session: ClientSession;
  readonly operation: OperationObservation;
  /** Header value of W3C Baggage that is to go on with it; null for none. */
  readonly baggage: string | null;
}

export interface NotificationRoute extends ClientNotification {
  readonly servers: ServerRegistry;
  readonly views: Views;
  readonly clientOf: (session: ClientSession) => AggregateClient;
}

/** Takes a client's notification to where it belongs. Never rejects. */
export async function passOnNotification(frame: NotificationFrame, route: NotificationRoute): Promise<void> {
  switch (frame.method) {
    case 'notifications/initialized':
      // Each server got its own when its session was opened.
      return;
    case 'notifications/cancelled':
      await cancel(frame, route);
      return;
    case 'notifications/progress':
      await reportProgress(frame, route);
      return;
    default:
      await toOpenSessions(frame, route);
  }
}

/**
 * Of a call: its own ending tells the server, under the id the server knows. Of a server's request: that server is told,
 * under the id it chose.
 */
async function cancel(frame: NotificationFrame, route: NotificationRoute): Promise<void> {
  const { session } = route;
  const params = memberNamed(frame.members, 'params');
  const requestId = memberNamed(params === undefined ? null : membersAt(frame.text, params.valueStart), 'requestId');
  if (requestId === undefined) return;
  const idText = frame.text.slice(requestId.valueStart, requestId.valueEnd);
  const call = session.calls.get(idText);
  if (call !== undefined) {
    call.abort();
    return;
  }
  const question = session.questionOf(idText);
  if (question === undefined) return;
  const theirId = { start: requestId.valueStart, end: requestId.valueEnd, replacement: question.idText };
  await tell(question.session, editedFrame(frame, [theirId]), route);
}

/** Goes to the one server that asked to be told, under the token it chose. */
async function reportProgress(frame: NotificationFrame, route: NotificationRoute): Promise<void> {
  if (route.session.scope.kind === 'server') {
    await toOpenSessions(frame, route);
    return;
  }
  const progress = route.clientOf(route.session).progressFor(frame);
  if (progress !== null) await tell(progress.session, progress.frame, route);
}

async function toOpenSessions(frame: NotificationFrame, route: NotificationRoute): Promise<void> {
  await Promise.all(
    serversOf(route).map(async (server) => {
      try {
        const open = await server.peek(route.session.id);
        if (open !== undefined) await notifyServer(server, open.session, frame, route);
      } catch {
        // A session that failed to open has nobody to be told.
      }
    }),
  );
}

async function tell(session: Questioner, frame: NotificationFrame, route: NotificationRoute): Promise<void> {
  const server = route.servers.get(session.serverId);
  if (server !== undefined) await notifyServer(server, session, frame, route);
}

function serversOf({ session: { scope }, servers, views }: NotificationRoute): readonly UpstreamServer[] {
  if (scope.kind !== 'server') return views.of(scope)?.servers() ?? [];
  const server = servers.get(scope.serverId);
  return server === undefined ? [] : [server];
}
