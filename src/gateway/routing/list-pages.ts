import { randomBytes } from 'node:crypto';
import { BoundedMap } from './bounded-map.ts';

const MAX_PAGE_ITEMS = 200;
const MAX_PAGE_CHARACTERS = 1024 * 1024;
const MAX_UNFINISHED = 8;

export interface ListPage {
  readonly items: readonly string[];
  readonly nextCursor: string | null;
}

/**
 * One client's lists while it pages through them. A list that is longer than a page is kept as it was when it was begun:
 * what comes and goes meanwhile is announced, and does not move the items.
 */
export class ListPages {
  readonly #kept = new BoundedMap<string, { readonly method: string; readonly items: readonly string[] }>(
    MAX_UNFINISHED,
  );

  first(method: string, items: readonly string[]): ListPage {
    const end = endOfPage(items, 0);
    if (end === items.length) return { items, nextCursor: null };
    const id = randomBytes(12).toString('hex');
    this.#kept.set(id, { method, items });
    return { items: items.slice(0, end), nextCursor: cursorOf(id, end) };
  }

  /** Null for a cursor that is not of this list, not ours, or too old. */
  next(method: string, cursor: string): ListPage | null {
    const [, id, offset] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
    const list = id === undefined ? undefined : this.#kept.get(id);
    const start = Number(offset);
    if (id === undefined || list?.method !== method || start >= list.items.length) return null;
    const end = endOfPage(list.items, start);
    return { items: list.items.slice(start, end), nextCursor: end === list.items.length ? null : cursorOf(id, end) };
  }
}

const CURSOR = /^([0-9a-f]{24})\.(\d{1,9})$/;

function cursorOf(id: string, offset: number): string {
  return Buffer.from(`${id}.${offset}`).toString('base64url');
}

function endOfPage(items: readonly string[], start: number): number {
  let end = start;
  let characters = 0;
  while (end < items.length && end - start < MAX_PAGE_ITEMS) {
    characters += items[end]?.length ?? 0;
    // An item that is larger than a page has one of its own.
    if (characters > MAX_PAGE_CHARACTERS && end > start) break;
    end += 1;
  }
  return end;
}
