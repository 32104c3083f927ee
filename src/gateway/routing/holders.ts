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
 * is. Who lists the URI comes first, then who listed a template it fits, then who turned out to have it before; else
 * those that list others of its scheme, else all that have resources.
 */
export function holdersOf(uri: string, lookup: UriLookup): readonly OwnUri[] {
  const { view, offers } = lookup;
  if (isWrapped(uri)) {
    const own = offers.unwrap(uri);
    return own !== null && view.shows(own.server, 'resources', own.uri) ? [own] : [];
  }
  const known = knownHolder(uri, lookup);
  if (known !== null) return [{ server: known, uri }];
  const able = view.servers().filter((server) => view.showsAll(server, 'resources') && hasResources(server));
  const related = able.filter((server) => offers.knowsScheme(server, uri));
  return (related.length > 0 ? related : able).slice(0, MAX_ASKED).map((server) => ({ server, uri }));
}

function knownHolder(uri: string, { view, offers, client }: UriLookup): UpstreamServer | null {
  const lister = offers.listerOf(uri);
  if (lister !== null && view.shows(lister, 'resources', uri)) return lister;
  const chosen = view.servers().find((server) => view.chosen(server, 'resources').has(uri));
  if (chosen !== undefined) return chosen;
  const isWhole = (server: UpstreamServer): boolean => view.showsAll(server, 'resources');
  const fitting = offers.templateOwnerOf(uri, isWhole);
  if (fitting !== null) return fitting;
  const earlier = client.ownerOfUri(uri);
  return earlier !== null && isWhole(earlier) ? earlier : null;
}

function hasResources(server: UpstreamServer): boolean {
  return 'resources' in (server.status().introduction?.capabilities ?? {});
}
