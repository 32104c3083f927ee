import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ServerId } from '../../src/shared/domain/ids.ts';

export type Zone = 'list' | 'trace' | 'detail';
/** What fills the window. */
export type Room = 'live' | 'redaction' | 'export' | 'settings';
export type OpenDialog = 'help' | 'add-server' | 'connect' | 'virtual-server' | 'export';

/** What is open in the window; lives as long as it. */
export interface LayoutState {
  /** Which pane the keys act on. */
  readonly zone: Zone;
  readonly room: Room;
  readonly dialog: OpenDialog | null;
  /** The virtual server that the dialog is about; null for a new one. */
  readonly editingVirtual: ServerId | null;
  /** Only matters where the window is too narrow to show the sources all the time. */
  readonly sourcesOpen: boolean;
  /** The demo was asked for and nothing of it has come yet. */
  readonly demoStarting: boolean;
  /** A sentence about something that did not work; shown until dismissed. */
  readonly complaint: string | null;
}

export type LayoutStore = StoreApi<LayoutState>;

export function createLayoutStore(): LayoutStore {
  return createStore<LayoutState>(() => ({
    zone: 'list',
    room: 'live',
    dialog: null,
    editingVirtual: null,
    sourcesOpen: false,
    demoStarting: false,
    complaint: null,
  }));
}
