import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { createLineFramer } from '../gateway/upstream/line-framer.ts';

const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** How far a stream has been read, to go on from there when it breaks. */
export interface StreamPosition {
  lastEventId: string | null;
  /** How long the gateway wants to be left alone before that, in milliseconds. */
  retryMillis: number | null;
}

/** Hands on every message of an answer, as its text, in order. Rejects when the connection breaks. */
export async function readMessages(
  response: IncomingMessage,
  position: StreamPosition,
  onMessage: (text: string) => Promise<void>,
): Promise<void> {
  if (isEventStream(response)) await readEvents(response, position, onMessage);
  else {
    const text = await readBody(response);
    if (text.trim() !== '') await onMessage(text);
  }
}

export function isEventStream(response: IncomingMessage): boolean {
  return response.headers['content-type']?.includes('text/event-stream') === true;
}

export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_MESSAGE_BYTES) throw new Error(`an answer was larger than ${MAX_MESSAGE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readEvents(
  response: IncomingMessage,
  position: StreamPosition,
  onMessage: (text: string) => Promise<void>,
): Promise<void> {
  const arrived: string[] = [];
  const overflows: Error[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (id !== undefined) position.lastEventId = id;
      // An event without data only says where the stream stands; other types of event are not MCP's.
      if (data !== '' && (event === undefined || event === 'message')) arrived.push(data);
    },
    onRetry: (millis) => {
      position.retryMillis = millis;
    },
  });
  // The parser would look through a long line again with each piece of it that comes.
  const framer = createLineFramer({
    maxLineLength: MAX_MESSAGE_BYTES,
    onLine: ({ text }) => {
      parser.feed(`${text}\n`);
    },
    onOverflow: () => {
      overflows.push(new Error(`a message was larger than ${MAX_MESSAGE_BYTES} bytes`));
    },
  });
  for await (const chunk of response as AsyncIterable<Buffer>) {
    framer.push(chunk, 0);
    const [overflow] = overflows;
    if (overflow !== undefined) throw overflow;
    for (const text of arrived.splice(0)) await onMessage(text);
  }
}
