import { randomBytes } from 'node:crypto';
import { aged, type Freshness } from '../era/freshness.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Held } from './list-cache.ts';

const MAX_PAGE_ITEMS = 200;
const MAX_PAGE_CHARACTERS = 1024 * 1024;
const MAX_UNFINISHED = 8;

type ItemTexts = Held<readonly string[]>;

export interface ListPage {
  readonly items: readonly string[];
  readonly nextCursor: string | null;
  readonly freshness: Freshness;
}

interface KeptList {
  readonly method: string;
  readonly list: ItemTexts;
  readonly keptAt: number;
}

/**
 * One client's lists while it pages through them. A list that is longer than a page is kept as it was when it was begun:
 * what comes and goes meanwhile is announced, and does not move the items. Of the time that the list holds, each page gets
 * what is left.
 */
export class ListPages {
  readonly #kept = new BoundedMap<string, KeptList>(MAX_UNFINISHED);
  readonly #now: () => number;

  /** `now`: milliseconds that only ever become more. */
  constructor(now = (): number => performance.now()) {
    this.#now = now;
  }

  first(method: string, list: ItemTexts): ListPage {
    const { value: items, freshness } = list;
    const end = endOfPage(items, 0);
    if (end === items.length) return { items, nextCursor: null, freshness };
    const id = randomBytes(12).toString('hex');
    this.#kept.set(id, { method, list, keptAt: this.#now() });
    return { items: items.slice(0, end), nextCursor: cursorOf(id, end), freshness };
  }

  /** Null for a cursor that is not of this list, not ours, or too old. */
  next(method: string, cursor: string): ListPage | null {
    const [, id, offset] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
    const kept = id === undefined ? undefined : this.#kept.get(id);
    const start = Number(offset);
    if (id === undefined || kept?.method !== method) return null;
    const { value: items, freshness } = kept.list;
    if (start >= items.length) return null;
    const end = endOfPage(items, start);
    return {
      items: items.slice(start, end),
      nextCursor: end === items.length ? null : cursorOf(id, end),
      freshness: aged(freshness, this.#now() - kept.keptAt),
    };
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
