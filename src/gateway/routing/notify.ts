import { applyEdits, editTraceContext } from '../frame/edit.ts';
import { isObject, type NotificationFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';

/** Takes a client's notification to where it belongs. Never rejects. */
export async function passOnNotification(
  frame: NotificationFrame,
  session: ClientSession,
  servers: ServerRegistry,
): Promise<void> {
  switch (frame.method) {
    case 'notifications/initialized':
      // Each server got its own when its session was opened.
      return;
    case 'notifications/cancelled':
      cancelCall(frame, session);
      return;
    default:
      await toOpenSessions(frame, session, servers);
  }
}

/** The call's own ending tells the server, under the id the server knows. */
function cancelCall(frame: NotificationFrame, session: ClientSession): void {
  if (!isObject(frame.params)) return;
  const params = memberNamed(frame.members, 'params');
  const requestId = memberNamed(params === undefined ? null : membersAt(frame.text, params.valueStart), 'requestId');
  if (requestId !== undefined) session.calls.get(frame.text.slice(requestId.valueStart, requestId.valueEnd))?.abort();
}

async function toOpenSessions(
  frame: NotificationFrame,
  session: ClientSession,
  servers: ServerRegistry,
): Promise<void> {
  const { scope } = session;
  const concerned = scope.kind !== 'server' ? servers.all() : servers.all().filter(({ id }) => id === scope.serverId);
  // The caller's trace context is not ours to hand on (R61).
  const text = applyEdits(frame.text, editTraceContext(frame, null));
  await Promise.all(
    concerned.map(async (server) => {
      try {
        const open = await server.peek(session.id);
        await open?.session.post(text);
      } catch {
        // A session that failed to open has nobody to be told.
      }
    }),
  );
}
