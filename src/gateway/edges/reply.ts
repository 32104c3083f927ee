import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MessageStream } from '../session/message-stream.ts';

/**
 * The answer to one POST. It is plain JSON when nothing comes before it, and becomes an event stream as soon as
 * something does, or when it takes long: clients give up on answers whose headers do not come.
 */
export interface Reply extends MessageStream {
  /** The client left before it had its answer. */
  readonly wasAbandoned: boolean;
  /** Sends the answer, or a batch's answers, and ends. */
  finish(texts: readonly string[], isBatch?: boolean): void;
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
    get wasAbandoned() {
      return response.destroyed && !response.writableFinished;
    },
    get isOpen() {
      return acceptsStream && !response.writableEnded && !response.destroyed;
    },
    send(text) {
      if (!acceptsStream || response.writableEnded || response.destroyed) return;
      beginStream();
      writeEvent(response, text);
    },
    finish(texts, isBatch = false) {
      stopTimers();
      if (response.writableEnded || response.destroyed) return;
      if (isStreaming) {
        for (const text of texts) writeEvent(response, text);
        response.end();
        return;
      }
      const body = Buffer.from(isBatch ? `[${texts.join(',')}]` : texts.join(''));
      response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    },
  };
}

export function acceptsStream(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/event-stream') || accept.includes('*/*');
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
