import type { ServerResponse } from 'node:http';
import type { MessageStream } from '../session/message-stream.ts';

/**
 * The answer to one POST. It is plain JSON when nothing comes before it, and becomes an event stream as soon as
 * something does, or when it takes long: clients give up on answers whose headers do not come.
 */
export interface Reply extends MessageStream {
  readonly isStreaming: boolean;
  /** Sends the final message and ends. */
  finish(text: string, statusCode: number): void;
  /** Ends without a message. */
  finishEmpty(statusCode: number): void;
}

export interface ReplyOptions {
  readonly response: ServerResponse;
  /** False: the client takes no event stream, so what comes before the answer is left out. */
  readonly acceptsStream: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const STREAM_AFTER_MILLIS = 10_000;
const KEEP_ALIVE_MILLIS = 15_000;
/** A client that does not read is let go before its messages fill our memory. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

export function createReply({ response, acceptsStream, headers }: ReplyOptions): Reply {
  let isStreaming = false;
  let keepAlive: NodeJS.Timeout | undefined;
  const patience = acceptsStream ? setTimeout(beginStream, STREAM_AFTER_MILLIS) : undefined;
  patience?.unref();

  function stopTimers(): void {
    clearTimeout(patience);
    clearInterval(keepAlive);
  }

  function beginStream(): void {
    if (isStreaming || response.headersSent || response.destroyed) return;
    isStreaming = true;
    response.writeHead(200, { ...headers, ...EVENT_STREAM_HEADERS });
    response.flushHeaders();
    keepAlive = startKeepAlive(response);
  }

  response.once('close', stopTimers);

  return {
    get isStreaming() {
      return isStreaming;
    },
    get isOpen() {
      return acceptsStream && !response.writableEnded && !response.destroyed;
    },
    send(text) {
      if (!acceptsStream || response.writableEnded || response.destroyed) return;
      beginStream();
      writeEvent(response, text);
    },
    finish(text, statusCode) {
      stopTimers();
      if (response.writableEnded || response.destroyed) return;
      if (isStreaming) {
        writeEvent(response, text);
        response.end();
        return;
      }
      const body = Buffer.from(text);
      response.writeHead(statusCode, { ...headers, 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    },
    finishEmpty(statusCode) {
      stopTimers();
      if (response.writableEnded || response.destroyed) return;
      if (!isStreaming) response.writeHead(statusCode, { ...headers, 'content-length': 0 });
      response.end();
    },
  };
}

/** The stream a client holds open for news. */
export function createNewsStream(response: ServerResponse, headers: Readonly<Record<string, string>>): MessageStream {
  response.writeHead(200, { ...headers, ...EVENT_STREAM_HEADERS });
  response.flushHeaders();
  const keepAlive = startKeepAlive(response);
  response.once('close', () => {
    clearInterval(keepAlive);
  });
  return {
    get isOpen() {
      return !response.writableEnded && !response.destroyed;
    },
    send(text) {
      writeEvent(response, text);
    },
  };
}

const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

function startKeepAlive(response: ServerResponse): NodeJS.Timeout {
  const timer = setInterval(() => {
    response.write(': still here\n\n');
  }, KEEP_ALIVE_MILLIS);
  timer.unref();
  return timer;
}

/** A message is one line of JSON unless its sender broke lines between tokens; each line is a `data` field then. */
function writeEvent(response: ServerResponse, text: string): void {
  if (response.writableLength > MAX_UNREAD_BYTES) {
    response.destroy();
    return;
  }
  const data = /[\r\n]/.test(text) ? text.split(/\r\n|\r|\n/).join('\ndata: ') : text;
  response.write(`event: message\ndata: ${data}\n\n`);
}
