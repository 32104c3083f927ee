import type { ClientMessage } from './client-message.ts';

/** The client's messages on their way to the gateway, in the order in which they came. */
export interface Inbox {
  push(message: ClientMessage): void;
  /** Takes a message back that a gateway refused to look at; it goes before all that came after it. */
  putBack(message: ClientMessage): void;
  /** The next one to be sent, once there is one; null when nothing more will come. */
  next(): Promise<ClientMessage | null>;
  /** All that wait to be sent. */
  takeAll(): readonly ClientMessage[];
  /** Nothing of this message is held any more. */
  done(message: ClientMessage): void;
  /** The client sends nothing more. */
  end(): void;
  /** Resolves when it has ended and each message has been taken out. */
  readonly drained: Promise<void>;
  /** Resolves when it has ended and every message is done. */
  readonly emptied: Promise<void>;
}

export interface InboxOptions {
  /** Told when as much is held as may be. */
  readonly onFull: () => void;
  readonly onRoom: () => void;
  readonly maxMessages?: number;
  readonly maxCharacters?: number;
}

/** Every call waits for its answer on a connection of its own. */
const MAX_MESSAGES = 1_024;
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Holds a bounded amount: what waits to be sent and what waits for its answer count together. A client that sends more
 * is not read until there is room.
 */
export function createInbox(options: InboxOptions): Inbox {
  const { maxMessages = MAX_MESSAGES, maxCharacters = MAX_CHARACTERS } = options;
  const waiting: ClientMessage[] = [];
  const held = new Set<ClientMessage>();
  const drained = Promise.withResolvers<undefined>();
  const emptied = Promise.withResolvers<undefined>();
  let heldCharacters = 0;
  let isFull = false;
  let hasEnded = false;
  let wake = (): void => undefined;

  function adjust(): void {
    const wasFull = isFull;
    isFull = held.size >= maxMessages || heldCharacters >= maxCharacters;
    if (isFull && !wasFull) options.onFull();
    if (!isFull && wasFull) options.onRoom();
    if (hasEnded && held.size === 0) emptied.resolve(undefined);
  }

  return {
    drained: drained.promise,
    emptied: emptied.promise,
    push(message) {
      waiting.push(message);
      held.add(message);
      heldCharacters += message.text.length;
      adjust();
      wake();
    },
    putBack(message) {
      const later = waiting.findIndex(({ place }) => place > message.place);
      waiting.splice(later === -1 ? waiting.length : later, 0, message);
      wake();
    },
    async next() {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) return message;
        if (hasEnded) drained.resolve(undefined);
        if (hasEnded && held.size === 0) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    takeAll: () => waiting.splice(0),
    done(message) {
      if (!held.delete(message)) return;
      heldCharacters -= message.text.length;
      adjust();
      wake();
    },
    end() {
      hasEnded = true;
      adjust();
      wake();
    },
  };
}
