/** A way to send messages to a client while it waits: the stream of one call, or the stream it holds open for news. */
export interface MessageStream {
  readonly isOpen: boolean;
  send(text: string): void;
}
