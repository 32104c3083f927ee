import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateClient } from './aggregate-client.ts';
import type { Offers, OwnUri } from './offers.ts';
import { isWrapped } from './uris.ts';
import type { View } from './view.ts';

/** How many servers are asked for a resource that none of them is known to have. */
const MAX_ASKED = 8;

export interface UriLookup {
  readonly view: View;
  readonly offers: Offers;
  readonly client: AggregateClient;
}

/**
 * The servers that may have a resource, in the order in which to ask them; more than one only where nothing says whose it
 * is: then those that list others of its scheme, else all that have resources.
 */
export function holdersOf(uri: string, lookup: UriLookup): readonly OwnUri[] {
  const known = knownHolderOf(uri, lookup);
  if (known !== null) return [known];
  if (isWrapped(uri)) return [];
  const { view, offers } = lookup;
  const able = view.servers().filter((server) => view.showsAll(server, 'resources') && hasResources(server));
  const related = able.filter((server) => offers.knowsScheme(server, uri));
  return (related.length > 0 ? related : able).slice(0, MAX_ASKED).map((server) => ({ server, uri }));
}

/** Who lists the URI, else who listed a template it fits, else who turned out to have it before; null when nobody did. */
export function knownHolderOf(uri: string, { view, offers, client }: UriLookup): OwnUri | null {
  if (isWrapped(uri)) {
    const own = offers.unwrap(uri);
    return own !== null && view.shows(own.server, 'resources', own.uri) ? own : null;
  }
  const isWhole = (server: UpstreamServer): boolean => view.showsAll(server, 'resources');
  const lister = offers.listerOf(uri);
  const seenLister = lister !== null && view.shows(lister, 'resources', uri) ? lister : null;
  const server =
    seenLister ??
    view.servers().find((member) => view.chosen(member, 'resources').has(uri)) ??
    offers.templateOwnerOf(uri, isWhole) ??
    client.ownerOfUri(uri);
  return server !== null && view.shows(server, 'resources', uri) ? { server, uri } : null;
}

function hasResources(server: UpstreamServer): boolean {
  return 'resources' in (server.status().introduction?.capabilities ?? {});
}
