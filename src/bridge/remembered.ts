import type { ClientMessage } from './client-message.ts';
import type { Opening } from './gateway-session.ts';

const MAX_SETTINGS = 1_000;

/** What the client has said and been told once, and what a gateway that was restarted has to hear again. */
export class Remembered {
  /** The client's `initialize`. */
  readonly opening: ClientMessage;
  readonly idText: string;
  /** Lists whose changes the client was told it would hear of. */
  announcedLists: readonly string[] = [];
  #opened: string | null = null;
  readonly #settings = new Map<string, string>();

  constructor(opening: ClientMessage, idText: string) {
    this.opening = opening;
    this.idText = idText;
  }

  answered(opening: Extract<Opening, { kind: 'opened' }>): void {
    this.announcedLists = opening.announcedLists;
  }

  sent({ kind, text, setting }: ClientMessage): void {
    if (kind === 'opened') this.#opened = text;
    if (setting === null) return;
    this.#settings.delete(setting.key);
    if (!setting.isTakenBack && this.#settings.size < MAX_SETTINGS) this.#settings.set(setting.key, text);
  }

  /** In the order in which they were said. */
  toRepeat(): readonly string[] {
    return this.#opened === null ? [] : [this.#opened, ...this.#settings.values()];
  }
}
