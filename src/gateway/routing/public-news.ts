import { editedFrame, editParam } from '../frame/edit.ts';
import type { NotificationFrame } from '../frame/frame.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { Offers } from './offers.ts';
import type { ItemKind, View } from './view.ts';

export const RESOURCE_UPDATED = 'notifications/resources/updated';

const LIST_CHANGED = /^notifications\/.+\/list_changed$/;

/** News that concern whoever uses a server, whichever client's session they come on. */
export function isPublicNews(method: string): boolean {
  return method === RESOURCE_UPDATED || LIST_CHANGED.test(method);
}

export function listChangedMethod(kind: ItemKind): string {
  return `notifications/${kind}/list_changed`;
}

const LISTS: ReadonlyMap<string, ItemKind> = new Map(
  (['tools', 'prompts', 'resources'] as const).map((kind) => [listChangedMethod(kind), kind]),
);

export interface NewsSource {
  readonly server: UpstreamServer;
  readonly view: View;
  readonly offers: Offers;
}

/** A server's notification as those may have it who see several servers; null when it is about what they do not see. */
export function newsFor(frame: NotificationFrame, { server, view, offers }: NewsSource): NotificationFrame | null {
  const list = LISTS.get(frame.method);
  if (list !== undefined) return view.showsAny(server, list) ? frame : null;
  if (frame.method !== RESOURCE_UPDATED) return frame;
  const own = frame.params?.['uri'];
  if (typeof own !== 'string') return frame;
  if (!view.shows(server, 'resources', own)) return null;
  const exposed = offers.exposedUri(server, own);
  return exposed === own ? frame : editedFrame(frame, editParam(frame, 'uri', exposed));
}
