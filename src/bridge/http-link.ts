import { Agent, request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http';

/** A request on its way to the gateway. */
export interface Dispatched {
  /**
   * Whether the whole request was handed to the connection. False: the gateway has not seen all of it and so cannot have
   * acted on it; it may be sent again.
   */
  readonly sent: Promise<boolean>;
  /** Rejects when the connection could not be had or broke. */
  readonly response: Promise<IncomingMessage>;
  /** Cuts its connection, at any time; what has not come by then does not come. */
  abort(): void;
}

export type Headers = Readonly<Record<string, string>>;

/** Connections to one address of the gateway. As many at once as there are requests that wait for their answer. */
export interface HttpLink {
  send(method: 'POST' | 'GET' | 'DELETE', headers: Headers, body?: string, signal?: AbortSignal): Dispatched;
  /** Cuts every connection. Idempotent. */
  close(): void;
}

/** What every POST of a message says of itself and of its answer. */
export const POST_HEADERS: Headers = {
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
};

/** What a gateway that says nothing to the headers alone is waited for, in milliseconds (RFC 9110, 10.1.1). */
const CONTINUE_MILLIS = 1_000;

/** The token travels in the header only, never in the address (S27). */
export function createHttpLink(address: string, token: string): HttpLink {
  const agent = new Agent({ keepAlive: true });
  return {
    send(method, headers, body, signal) {
      const all: Record<string, string | number> = { ...headers, authorization: `Bearer ${token}` };
      const content = body === undefined ? null : Buffer.from(body);
      if (content !== null) Object.assign(all, { 'content-length': content.length, expect: '100-continue' });
      const request = startRequest(address, { method, agent, headers: all, ...(signal && { signal }) });
      if (content === null) request.end();
      else sendContent(request, content);
      return dispatched(request);
    },
    close() {
      agent.destroy();
    },
  };
}

/**
 * Sends the body once the gateway has taken the connection and the headers. Each message goes over a connection of its own,
 * and one over a new connection would be overtaken by the next one over a connection that is known already.
 */
function sendContent(request: ClientRequest, content: Buffer): void {
  const send = (): void => {
    clearTimeout(timer);
    if (!request.writableEnded) request.end(content);
  };
  const timer = setTimeout(send, CONTINUE_MILLIS);
  request.once('continue', send);
  // A refusal that does not wait for the body.
  request.once('response', send);
  request.once('close', () => {
    clearTimeout(timer);
  });
  request.flushHeaders();
}

function dispatched(request: ClientRequest): Dispatched {
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  const sent = new Promise<boolean>((resolve) => {
    // Node says 'finish' when the operating system has taken the last byte, and never after an error.
    request.once('finish', () => {
      resolve(true);
    });
    // A body that is too large is answered before all of it was sent.
    request.once('response', () => {
      resolve(true);
    });
    request.once('error', () => {
      resolve(false);
    });
  });
  // Who finds that it was not sent does not ask for the answer.
  response.catch(() => undefined);
  return { sent, response, abort: () => request.destroy() };
}
