import { isModernVersion } from '../era/envelope.ts';
import { freshnessOf, NOT_TO_BE_KEPT, type Freshness } from '../era/freshness.ts';
import { UpstreamFailure } from '../failure.ts';
import { requestText } from '../frame/compose.ts';
import { isObject, type JsonObject } from '../frame/frame.ts';
import { asRequest, discovered, type Introduction } from '../upstream/handshake.ts';
import { callServer } from '../upstream/server-call.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { ClientCall } from './forward.ts';
import type { AnswerCache } from './list-cache.ts';
import { allSettledSoon } from './lists.ts';
import type { View } from './view.ts';

/** What servers of the stateless era say of themselves. */
export type Introductions = AnswerCache<'introduction', Introduction>;

export interface Introduced {
  readonly server: UpstreamServer;
  readonly introduction: Introduction;
  readonly freshness: Freshness;
}

/**
 * What a server says of itself to this client. One of the stateless era is asked in the client's name unless what it said
 * before is for all and still holds: what it told the gateway may be meant for the gateway alone (MCP 2026-07-28,
 * caching). Null while the server is not connected; rejects with an UpstreamFailure when it does not answer.
 */
export async function introductionFor(
  { session, operation, signal }: Pick<ClientCall, 'session' | 'operation' | 'signal'>,
  server: UpstreamServer,
  introductions: Introductions,
): Promise<Introduced | null> {
  const { introduction } = server.status();
  if (introduction === null) return null;
  const { protocolVersion } = introduction;
  if (!isModernVersion(protocolVersion)) return { server, introduction, freshness: NOT_TO_BE_KEPT };
  const held = await introductions.read(server, 'introduction', async () => {
    const request = asRequest(requestText('0', 'server/discover', {}));
    const call = { server, owner: session, operation, request, signal, target: null, onRelated: null };
    const answer = await callServer(call);
    if (answer.kind === 'error' || !isObject(answer.result))
      throw new UpstreamFailure('mcp_protocol_error', `Server "${server.id}" does not say what it is.`);
    return { value: discovered(server.id, protocolVersion, answer.result), freshness: freshnessOf(answer.result) };
  });
  return { server, introduction: held.value, freshness: held.freshness };
}

const INTRODUCTION_PATIENCE_MILLIS = 5_000;

/** As `introductionFor`, of all that a client sees, in their order; without those that do not answer soon. */
export async function introductionsFor(
  call: Pick<ClientCall, 'session' | 'operation' | 'signal'>,
  view: View,
  introductions: Introductions,
): Promise<readonly Introduced[]> {
  await allSettledSoon(view, call.signal);
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(INTRODUCTION_PATIENCE_MILLIS)]);
  const introduced = await Promise.all(
    // Its span and its state in the list of servers carry the reason; the others must not wait for it.
    view.servers().map((server) => introductionFor({ ...call, signal }, server, introductions).catch(() => null)),
  );
  return introduced.filter((each) => each !== null);
}

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
export function instructionsOf(view: View, introduced: readonly Introduced[]): string | null {
  const { description } = view;
  const [only] = introduced;
  if (only !== undefined && view.servers().length === 1 && description === null) return only.introduction.instructions;
  const sections = introduced.flatMap(({ server, introduction: { instructions } }) =>
    instructions === null ? [] : [`# ${server.prefix}\n\n${cut(instructions, MAX_OF_ONE)}`],
  );
  const parts = description === null ? sections : [description, ...sections];
  return parts.length === 0 ? null : cut(parts.join('\n\n'), MAX_OF_ALL);
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
