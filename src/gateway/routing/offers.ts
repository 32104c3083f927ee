import type { Stop } from '../../shared/kernel/listeners.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { Catalog, UpstreamServer } from '../upstream/upstream-server.ts';
import { BoundedMap } from './bounded-map.ts';
import { exposedName, isKeptInFull } from './names.ts';
import { compileUriTemplate, type UriMatcher } from './uri-template.ts';
import { isWrapped, schemeOf, unwrapUri, wrapUri } from './uris.ts';

/** A tool or prompt by its server and its own name there. */
export interface OwnName {
  readonly server: UpstreamServer;
  readonly name: string;
}

/** A resource by its server and its own URI there. */
export interface OwnUri {
  readonly server: UpstreamServer;
  readonly uri: string;
}

/** Under which names and URIs all servers' items stand side by side, and whose they are. */
export interface Offers {
  exposedName(server: UpstreamServer, name: string): string;
  /** As `exposedName`, for a name that a client is about to learn: it will be found again. */
  offerName(server: UpstreamServer, name: string): string;
  /** Null when no server's names begin like this. The server may not know the name all the same. */
  ownerOfName(exposed: string): OwnName | null;
  /** A resource's own URI unless that would lead to another server; then one that leads to this server. */
  exposedUri(server: UpstreamServer, uri: string): string;
  /** As `exposedUri`, for a URI that a server lists: it stays this server's from now on. */
  offerUri(server: UpstreamServer, uri: string): string;
  exposedTemplate(server: UpstreamServer, template: string): string;
  /** What a URI that was made to be unique stands for; null for all others. */
  unwrap(uri: string): OwnUri | null;
  /** The server that lists this URI, or a template of this text (the first one, when several do). */
  listerOf(uri: string): UpstreamServer | null;
  /** The first of these servers that listed a template from which the URI can come. */
  templateOwnerOf(uri: string, isEligible: (server: UpstreamServer) => boolean): UpstreamServer | null;
  /** True when resources with this URI's scheme are among those the server lists. */
  knowsScheme(server: UpstreamServer, uri: string): boolean;
  readonly stop: Stop;
}

export interface OffersOptions {
  readonly servers: Pick<ServerRegistry, 'all' | 'get' | 'onChange'>;
  readonly separator: string;
}

const MAX_LEARNED = 10_000;
const MAX_TEMPLATES_OF_A_SERVER = 100;

export function createOffers(options: OffersOptions): Offers {
  return new OfferIndex(options);
}

interface ServerEntry {
  readonly server: UpstreamServer;
  readonly head: string;
  readonly catalog: Catalog;
}

interface OfferedTemplate {
  readonly server: UpstreamServer;
  readonly matcher: UriMatcher;
}

/** Made again only when the servers or their lists have changed since it was last asked. */
class OfferIndex implements Offers {
  readonly stop: Stop;
  readonly #options: OffersOptions;
  /** Names in a form that does not show the server's own name. */
  readonly #learnedNames = new BoundedMap<string, OwnName>(MAX_LEARNED);
  /** URIs that clients were shown beyond what the gateway's own session lists. */
  readonly #learnedUris = new BoundedMap<string, UpstreamServer>(MAX_LEARNED);
  #isStale = true;
  #entries: readonly ServerEntry[] = [];
  #shortNames = new Map<string, OwnName>();
  #uris = new Map<string, UpstreamServer>();
  #templateTexts = new Map<string, UpstreamServer>();
  #templates: readonly OfferedTemplate[] = [];
  #schemes = new Map<UpstreamServer, ReadonlySet<string>>();

  constructor(options: OffersOptions) {
    this.#options = options;
    this.stop = options.servers.onChange(() => {
      this.#isStale = true;
    });
  }

  exposedName(server: UpstreamServer, name: string): string {
    return exposedName(server, name, this.#options.separator);
  }

  offerName(server: UpstreamServer, name: string): string {
    const exposed = this.exposedName(server, name);
    if (!isKeptInFull(server, name, this.#options.separator)) this.#learnedNames.set(exposed, { server, name });
    return exposed;
  }

  ownerOfName(exposed: string): OwnName | null {
    this.#refresh();
    const known = this.#shortNames.get(exposed) ?? this.#learnedNames.get(exposed);
    if (known !== undefined && this.#isPresent(known.server)) return known;
    for (const { server, head } of this.#entries) {
      if (exposed.length > head.length && exposed.startsWith(head)) return { server, name: exposed.slice(head.length) };
    }
    return null;
  }

  exposedUri(server: UpstreamServer, uri: string): string {
    if (isWrapped(uri)) return wrapUri(server.prefix, uri);
    const owner = this.listerOf(uri) ?? this.templateOwnerOf(uri, () => true) ?? server;
    return owner === server ? uri : wrapUri(server.prefix, uri);
  }

  offerUri(server: UpstreamServer, uri: string): string {
    if (isWrapped(uri)) return wrapUri(server.prefix, uri);
    const owner = this.listerOf(uri);
    if (owner === null) this.#learnedUris.set(uri, server);
    return owner === null || owner === server ? uri : wrapUri(server.prefix, uri);
  }

  exposedTemplate(server: UpstreamServer, template: string): string {
    this.#refresh();
    const owner = this.#templateTexts.get(template) ?? server;
    return owner === server && !isWrapped(template) ? template : wrapUri(server.prefix, template);
  }

  unwrap(uri: string): OwnUri | null {
    const parts = unwrapUri(uri);
    if (parts === null) return null;
    this.#refresh();
    const entry = this.#entries.find(({ server }) => server.prefix === parts.prefix);
    return entry === undefined ? null : { server: entry.server, uri: parts.uri };
  }

  listerOf(uri: string): UpstreamServer | null {
    this.#refresh();
    const listed = this.#uris.get(uri) ?? this.#templateTexts.get(uri);
    if (listed !== undefined) return listed;
    const learned = this.#learnedUris.get(uri);
    return learned !== undefined && this.#isPresent(learned) ? learned : null;
  }

  templateOwnerOf(uri: string, isEligible: (server: UpstreamServer) => boolean): UpstreamServer | null {
    this.#refresh();
    return this.#templates.find(({ server, matcher }) => isEligible(server) && matcher.matches(uri))?.server ?? null;
  }

  knowsScheme(server: UpstreamServer, uri: string): boolean {
    this.#refresh();
    return this.#schemes.get(server)?.has(schemeOf(uri)) === true;
  }

  #isPresent(server: UpstreamServer): boolean {
    return this.#options.servers.get(server.id) === server;
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const { servers, separator } = this.#options;
    const all = servers.all();
    const isSame = (server: UpstreamServer, index: number): boolean => {
      const known = this.#entries[index];
      return known?.server === server && known.catalog === server.status().catalog;
    };
    if (all.length === this.#entries.length && all.every(isSame)) return;
    this.#entries = all.map((server) => ({
      server,
      head: server.prefix + separator,
      catalog: server.status().catalog,
    }));
    this.#uris = this.#ownersOf(this.#uris, ({ catalog }) => textsOf(catalog.resources, 'uri'));
    this.#templateTexts = this.#ownersOf(this.#templateTexts, ({ catalog }) => templatesOf(catalog));
    this.#templates = this.#entries.flatMap(({ server, catalog }) =>
      templatesOf(catalog).flatMap((template) => {
        const matcher = compileUriTemplate(template);
        return matcher === null ? [] : [{ server, matcher }];
      }),
    );
    this.#shortNames = this.#namesToRemember();
    this.#schemes = new Map(this.#entries.map(({ server, catalog }) => [server, schemesOf(catalog)]));
  }

  /** Each text goes to the server that had it before and still does, else to the first that has it. */
  #ownersOf(
    before: ReadonlyMap<string, UpstreamServer>,
    textsOfServer: (entry: ServerEntry) => readonly string[],
  ): Map<string, UpstreamServer> {
    const owners = new Map<string, UpstreamServer>();
    for (const entry of this.#entries) {
      for (const text of textsOfServer(entry)) {
        const earlier = before.get(text) ?? this.#learnedUris.get(text);
        if (earlier === entry.server || !owners.has(text)) owners.set(text, entry.server);
      }
    }
    return owners;
  }

  #namesToRemember(): Map<string, OwnName> {
    const { separator } = this.#options;
    const names = new Map<string, OwnName>();
    for (const { server, catalog } of this.#entries) {
      for (const name of [...textsOf(catalog.tools, 'name'), ...textsOf(catalog.prompts, 'name')]) {
        if (isKeptInFull(server, name, separator)) continue;
        names.set(exposedName(server, name, separator), { server, name });
      }
    }
    return names;
  }
}

function textsOf(items: Catalog['resources'], key: string): readonly string[] {
  return items.flatMap(({ [key]: value }) => (typeof value === 'string' ? [value] : []));
}

function templatesOf(catalog: Catalog): readonly string[] {
  return textsOf(catalog.resourceTemplates.slice(0, MAX_TEMPLATES_OF_A_SERVER), 'uriTemplate');
}

function schemesOf(catalog: Catalog): ReadonlySet<string> {
  return new Set([...textsOf(catalog.resources, 'uri'), ...templatesOf(catalog)].map(schemeOf));
}
