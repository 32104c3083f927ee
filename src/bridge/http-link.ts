import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';

/** A request on its way to the gateway. */
export interface Dispatched {
  /**
   * Whether the whole request was handed to the connection. False: the gateway has not seen all of it and so cannot have
   * acted on it; it may be sent again.
   */
  readonly sent: Promise<boolean>;
  /** Rejects when the connection could not be had or broke. */
  readonly response: Promise<IncomingMessage>;
}

export type Headers = Readonly<Record<string, string>>;

/** Connections to one address of the gateway. As many at once as there are requests that wait for their answer. */
export interface HttpLink {
  send(method: 'POST' | 'GET' | 'DELETE', headers: Headers, body?: string, signal?: AbortSignal): Dispatched;
  /** Cuts every connection. Idempotent. */
  close(): void;
}

/** The token travels in the header only, never in the address (S27). */
export function createHttpLink(address: string, token: string): HttpLink {
  const agent = new Agent({ keepAlive: true });
  return {
    send(method, headers, body, signal) {
      const all: Record<string, string | number> = { ...headers, authorization: `Bearer ${token}` };
      const content = body === undefined ? null : Buffer.from(body);
      if (content !== null) all['content-length'] = content.length;
      return dispatch(request(address, { method, agent, headers: all, ...(signal && { signal }) }), content);
    },
    close() {
      agent.destroy();
    },
  };
}

function dispatch(request: ClientRequest, content: Buffer | null): Dispatched {
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
  request.end(content ?? undefined);
  return { sent, response };
}
