import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

const STORAGE_KEY = 'throughline.prefs';

const prefsSchema = z.object({
  version: z.literal(1).catch(1),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  detailOpen: z.boolean().catch(true),
  /** False leaves health checks, streams and news out of the list. */
  showNoise: z.boolean().catch(false).default(false),
  /** Share of the waterfall given to names; null leaves it to the width. */
  nameColumn: z.number().min(0.15).max(0.8).nullable().catch(null).default(null),
});

/** What the reader chose; kept between runs. */
export type Prefs = Readonly<z.output<typeof prefsSchema>>;
export type ThemeChoice = Prefs['theme'];
export type PrefsStore = StoreApi<Prefs>;

/** Reads the kept choices once, and writes every change back. A value that no longer fits gives way to its default. */
export function createPrefsStore(storage: Pick<Storage, 'getItem' | 'setItem'>): PrefsStore {
  const store = createStore<Prefs>(() => prefsSchema.parse(readKept(storage)));
  store.subscribe((prefs) => {
    storage.setItem(STORAGE_KEY, JSON.stringify(prefs));
  });
  return store;
}

function readKept(storage: Pick<Storage, 'getItem'>): unknown {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : {};
  } catch {
    // Something else wrote there: begin with the defaults.
    return {};
  }
}
