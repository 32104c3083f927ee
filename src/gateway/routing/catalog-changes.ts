import type { JsonObject } from '../frame/frame.ts';
import type { Catalog, UpstreamServer } from '../upstream/upstream-server.ts';
import type { ItemKind, View } from './view.ts';

/** What came, went or became another in one of a server's lists, by the server's own names. */
export interface ListChange {
  readonly kind: ItemKind;
  readonly names: ReadonlySet<string>;
  /** Templates are shown only with all of a server's resources. */
  readonly templates: boolean;
}

export const EMPTY_CATALOG: Catalog = { tools: [], prompts: [], resources: [], resourceTemplates: [] };

/** The lists in which two catalogs differ. */
export function changesBetween(before: Catalog, after: Catalog): readonly ListChange[] {
  const changes: readonly ListChange[] = [
    { kind: 'tools', names: differing(before.tools, after.tools, 'name'), templates: false },
    { kind: 'prompts', names: differing(before.prompts, after.prompts, 'name'), templates: false },
    {
      kind: 'resources',
      names: differing(before.resources, after.resources, 'uri'),
      templates: differing(before.resourceTemplates, after.resourceTemplates, 'uriTemplate').size > 0,
    },
  ];
  return changes.filter(({ names, templates }) => names.size > 0 || templates);
}

/** Whether those who have this view see anything of the change. */
export function isSeen(
  { kind, names, templates }: ListChange,
  view: View,
  server: Pick<UpstreamServer, 'id'>,
): boolean {
  if (templates && view.showsAll(server, kind)) return true;
  for (const name of names) if (view.shows(server, kind, name)) return true;
  return false;
}

function differing(before: readonly JsonObject[], after: readonly JsonObject[], key: string): ReadonlySet<string> {
  const old = new Map(before.map((item) => [String(item[key]), JSON.stringify(item)]));
  const names = new Set<string>();
  for (const item of after) {
    const name = String(item[key]);
    if (old.get(name) !== JSON.stringify(item)) names.add(name);
    old.delete(name);
  }
  for (const gone of old.keys()) names.add(gone);
  return names;
}

/** What of the servers' present lists a view shows of one kind, as one comparable text. */
export function shownItems(view: View | null, kind: ItemKind): string {
  const servers = view?.servers() ?? [];
  const shown = servers.map((server) => {
    const { catalog } = server.status();
    const key = kind === 'resources' ? 'uri' : 'name';
    const names = catalog[kind].map((item) => String(item[key])).filter((name) => view?.shows(server, kind, name));
    return [server.id, names, kind === 'resources' && view?.showsAll(server, kind) ? catalog.resourceTemplates : []];
  });
  return JSON.stringify(shown);
}
