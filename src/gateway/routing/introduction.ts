import { isObject, type JsonObject } from '../frame/frame.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { View } from './view.ts';

/** What any of the servers can do: the capabilities of all, at every depth. */
export function capabilitiesOf(view: View): JsonObject {
  const offered = view.servers().map((server) => server.status().introduction?.capabilities ?? {});
  const merged = offered.reduce(union, {});
  // Lists change whenever a server comes or goes. Tools may come while the client stays; the rest shows what there is.
  const announced = Object.entries({ tools: {}, ...merged }).map(([name, value]): [string, unknown] =>
    HAS_LIST.has(name) ? [name, union(isObject(value) ? value : {}, { listChanged: true })] : [name, value],
  );
  return Object.fromEntries(announced);
}

const HAS_LIST: ReadonlySet<string> = new Set(['tools', 'prompts', 'resources']);

/** Objects are merged, of two flags the one that is set counts, of other values the first. */
function union(a: JsonObject, b: JsonObject): JsonObject {
  const merged = new Map<string, unknown>(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const earlier = merged.get(key);
    if (isObject(earlier) && isObject(value)) merged.set(key, union(earlier, value));
    else if (earlier === undefined || (earlier === false && value === true)) merged.set(key, value);
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(merged);
}

/** Whom a client of several servers speaks to. */
export function serverInfoOf({ id }: View, version: string): JsonObject {
  return { name: 'throughline', title: id ?? 'Throughline', version };
}

const MAX_OF_ONE = 16_384;
const MAX_OF_ALL = 65_536;

/** What the servers want to be told to the model; null when they want nothing. */
export function instructionsOf(view: View): string | null {
  const servers = view.servers();
  const [only] = servers;
  if (only !== undefined && servers.length === 1 && view.description === null) return instructionsBy(only);
  const sections = servers.flatMap((server) => {
    const text = instructionsBy(server);
    return text === null ? [] : [`# ${server.prefix}\n\n${cut(text, MAX_OF_ONE)}`];
  });
  const parts = view.description === null ? sections : [view.description, ...sections];
  return parts.length === 0 ? null : cut(parts.join('\n\n'), MAX_OF_ALL);
}

function instructionsBy(server: UpstreamServer): string | null {
  return server.status().introduction?.instructions ?? null;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
