import { freshnessOf, leastFresh, NOT_TO_BE_KEPT, type Freshness } from '../era/freshness.ts';
import { requestText } from '../frame/compose.ts';
import { applyEdits } from '../frame/edit.ts';
import { isObject, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import { elementsAt, memberNamed, membersAt, type Member } from '../frame/json-scan.ts';
import { asRequest } from '../upstream/handshake.ts';
import type { ListKind } from '../upstream/catalog.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { Held } from './list-cache.ts';
import type { Offers } from './offers.ts';
import type { ItemKind, View } from './view.ts';

/** A server that pages for ever is cut off here. */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;

export interface ListSource {
  readonly method: string;
  /** Member of the result that holds the items. */
  readonly member: string;
}

/**
 * Reads every page of a server's list and leaves each item in its source text. It holds as long as the page that holds
 * shortest, and not at all when a page is missing. Rejects as `send` does.
 */
export async function readItemTexts(
  { method, member }: ListSource,
  send: (request: RequestFrame) => Promise<ResponseFrame>,
): Promise<Held<readonly string[]>> {
  const texts: string[] = [];
  const pages: Freshness[] = [];
  let characters = 0;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES && texts.length < MAX_ITEMS && characters < MAX_CHARACTERS; page += 1) {
    const answer = await send(asRequest(requestText('0', method, cursor === null ? {} : { cursor })));
    if (answer.kind === 'error') {
      pages.push(NOT_TO_BE_KEPT);
      break;
    }
    pages.push(freshnessOf(answer.result));
    characters += answer.text.length;
    for (const text of itemTextsOf(answer, member)) texts.push(text);
    const next = isObject(answer.result) ? answer.result['nextCursor'] : null;
    if (typeof next !== 'string' || next === '') break;
    cursor = next;
  }
  return { value: texts.slice(0, MAX_ITEMS), freshness: leastFresh(pages) };
}

function itemTextsOf(answer: ResponseFrame, listMember: string): readonly string[] {
  const result = memberNamed(answer.members, 'result');
  const list = result === undefined ? undefined : memberNamed(membersAt(answer.text, result.valueStart), listMember);
  const texts = list === undefined ? null : elementsAt(answer.text, list.valueStart);
  return texts?.filter((text) => text.startsWith('{')) ?? [];
}

/** Which member says what an item is, and what it counts as where items are chosen. */
const IDENTITY: Readonly<Record<ListKind, { readonly member: string; readonly kind: ItemKind }>> = {
  tool: { member: 'name', kind: 'tools' },
  prompt: { member: 'name', kind: 'prompts' },
  resource: { member: 'uri', kind: 'resources' },
  resource_template: { member: 'uriTemplate', kind: 'resources' },
};

export interface ItemSource {
  readonly server: UpstreamServer;
  readonly view: View;
  readonly offers: Offers;
}

/** An item as a client of several servers sees it: its source text but for its name; null when it is not to be seen. */
export function exposedItem(kind: ListKind, text: string, source: ItemSource): string | null {
  const { server, view } = source;
  const { member: key, kind: itemKind } = IDENTITY[kind];
  const member = memberNamed(membersAt(text, 0), key);
  const own = member === undefined ? null : stringAt(text, member);
  if (member === undefined || own === null)
    return itemKind === 'resources' && view.showsAll(server, itemKind) ? text : null;
  const isShown = kind === 'resource_template' ? view.showsAll(server, itemKind) : view.shows(server, itemKind, own);
  if (!isShown) return null;
  const exposed = exposedIdentity(kind, own, source);
  if (exposed === own) return text;
  return applyEdits(text, [{ start: member.valueStart, end: member.valueEnd, replacement: JSON.stringify(exposed) }]);
}

function exposedIdentity(kind: ListKind, own: string, { server, offers }: ItemSource): string {
  switch (kind) {
    case 'tool':
    case 'prompt':
      return offers.offerName(server, own);
    case 'resource':
      return offers.offerUri(server, own);
    case 'resource_template':
      return offers.exposedTemplate(server, own);
  }
}

function stringAt(text: string, { valueStart, valueEnd }: Member): string | null {
  const value: unknown = JSON.parse(text.slice(valueStart, valueEnd));
  return typeof value === 'string' ? value : null;
}
