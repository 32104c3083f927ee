import { asRequest } from './handshake.ts';
import { isObject, type JsonObject, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import type { ResultCount } from '../observer.ts';
import { requestText } from '../frame/compose.ts';

/** The lists a server can be asked for. */
export type ListKind = 'tool' | 'prompt' | 'resource' | 'resource_template';

interface ListMethod {
  readonly method: string;
  /** Member of the result that holds the items. */
  readonly member: string;
  /** Capability a server must have declared. */
  readonly capability: string;
}

export const LIST_METHODS: Readonly<Record<ListKind, ListMethod>> = {
  tool: { method: 'tools/list', member: 'tools', capability: 'tools' },
  prompt: { method: 'prompts/list', member: 'prompts', capability: 'prompts' },
  resource: { method: 'resources/list', member: 'resources', capability: 'resources' },
  resource_template: { method: 'resources/templates/list', member: 'resourceTemplates', capability: 'resources' },
};

interface Counted {
  readonly what: ResultCount['what'];
  /** Member of the result that holds the items. */
  readonly member: string;
}

/** The methods whose results hold items, by method. */
export const COUNTED_RESULTS: ReadonlyMap<string, Counted> = new Map<string, Counted>([
  ...(Object.entries(LIST_METHODS) as [ListKind, ListMethod][]).map(
    ([what, { method, member }]) => [method, { what, member }] as const,
  ),
  ['roots/list', { what: 'root', member: 'roots' }],
  ['prompts/get', { what: 'messages', member: 'messages' }],
  ['resources/read', { what: 'content', member: 'contents' }],
]);

/** How many items the answer to a request holds; undefined when it is none of those, or answers something else (R51). */
export function countOf(method: string, response: ResponseFrame): ResultCount | undefined {
  const counted = COUNTED_RESULTS.get(method);
  if (counted === undefined || response.kind !== 'result' || !isObject(response.result)) return undefined;
  const items = response.result[counted.member];
  return Array.isArray(items) ? { what: counted.what, value: items.length } : undefined;
}

/** A server that pages for ever is cut off here. */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;

export interface List {
  readonly items: readonly JsonObject[];
  /** True when the bounds were reached and the rest was left. */
  readonly isCut: boolean;
}

/** Reads every page of one list. `send` makes one request; it rejects with an UpstreamFailure. */
export async function readList(kind: ListKind, send: (request: RequestFrame) => Promise<ResponseFrame>): Promise<List> {
  const { method, member } = LIST_METHODS[kind];
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && items.length < MAX_ITEMS; page += 1) {
    const answer = await send(asRequest(requestText('0', method, cursor === undefined ? {} : { cursor })));
    if (answer.kind === 'error') return { items, isCut: false };
    const result = isObject(answer.result) ? answer.result : {};
    const found = result[member];
    if (Array.isArray(found)) items.push(...found.filter(isObject));
    const next = result['nextCursor'];
    if (typeof next !== 'string' || next === '') return { items, isCut: false };
    cursor = next;
  }
  return { items: items.slice(0, MAX_ITEMS), isCut: true };
}
