import { isObject, type JsonObject, type ResponseFrame } from '../frame/frame.ts';
import { repeatedParameters, toolsIn, type RepeatedParameter } from './tool-annotations.ts';

/** Which parameters of one server's tools calls repeat in headers. Tools without any are not in it. */
interface Known {
  /** What the gateway itself read last: another object than before when it was read again. */
  readonly tools: readonly JsonObject[];
  readonly byName: Map<string, readonly RepeatedParameter[]>;
}

const NONE: readonly RepeatedParameter[] = [];
/** What a server that makes up tools without end may have kept here. */
const MAX_LEARNED = 10_000;

/** Goes with its server. Made once for each list that is read, so that no call has to look through a schema. */
const knownOf = new WeakMap<object, Known>();

/**
 * The parameters that a call of one of the server's tools repeats in headers; empty for a tool that is not known, or that
 * nobody could call as its schema wants. `tools` is what the gateway read last of the server.
 */
export function parametersOf(
  server: object,
  tools: readonly JsonObject[],
  name: unknown,
): readonly RepeatedParameter[] {
  const { byName } = known(server, tools);
  return (typeof name === 'string' ? byName.get(name) : undefined) ?? NONE;
}

/**
 * Takes note of a list of the server's, or a page of it, on its way to a client. Who calls a tool goes by the list it was
 * shown; the gateway's own may be older, as not every server tells of changes.
 */
export function learnParameters(server: object, tools: readonly JsonObject[], list: ResponseFrame): void {
  const { byName } = known(server, tools);
  for (const tool of toolsIn(list)) if (isObject(tool)) enter(tool, byName);
}

function known(server: object, tools: readonly JsonObject[]): Known {
  const latest = knownOf.get(server);
  if (latest?.tools === tools) return latest;
  const made: Known = { tools, byName: new Map() };
  for (const tool of tools) enter(tool, made.byName);
  knownOf.set(server, made);
  return made;
}

function enter(tool: JsonObject, byName: Known['byName']): void {
  const { name } = tool;
  if (typeof name !== 'string') return;
  const parameters = repeatedParameters(tool) ?? NONE;
  if (parameters.length === 0) byName.delete(name);
  else if (byName.has(name) || byName.size < MAX_LEARNED) byName.set(name, parameters);
}
