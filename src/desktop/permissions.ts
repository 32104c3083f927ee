import type { Session } from 'electron';
import { isAppUrl } from './app-origin.ts';

/** Putting text on the clipboard, after a click, is what every copy button does; reading the clipboard stays denied. */
const COPY_TEXT = 'clipboard-sanitized-write';

/** The page gets no permission of the machine (S28): no camera, no location, no device, no notification, no files. */
export function setupPermissions(
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setDisplayMediaRequestHandler'
  >,
): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(permission === COPY_TEXT && details.isMainFrame && isAppUrl(details.requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      permission === COPY_TEXT && details.isMainFrame && isAppUrl(requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => {
    callback(null);
  });
}
