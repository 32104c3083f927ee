import type { RequestFrame } from '../frame/frame.ts';
import type { Questioner } from '../upstream/question.ts';

/** A way to send messages to a client while it waits: the stream of one call, or the stream it holds open for news. */
export interface MessageStream {
  readonly isOpen: boolean;
  send(text: string): void;
}

/** A stream whose client can be asked something although no message may carry a question to it (MCP 2026-07-28). */
export interface AskableStream extends MessageStream {
  /** Takes a server's request; false when the client cannot be asked on this stream. */
  ask(frame: RequestFrame, session: Questioner): boolean;
}
