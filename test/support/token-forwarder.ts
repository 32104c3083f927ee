import { createServer, request as startRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenForwarder extends AsyncDisposable {
  readonly port: number;
  /** The gateway's address as seen through the forwarder, under the name `localhost`. */
  url(path: string): string;
  close(): Promise<void>;
}

/**
 * Stands in front of the gateway for clients that cannot send a token. It adds `Authorization` and passes on all else as
 * it came, header by header and byte by byte in both directions. `Host` and `Origin` keep whatever name they bear; only
 * a port that is the forwarder's own becomes the gateway's, as the gateway accepts none but its own.
 */
export async function startTokenForwarder(gateway: {
  readonly origin: string;
  readonly token: string;
}): Promise<TokenForwarder> {
  const target = new URL(gateway.origin);
  let ownPort = 0;

  function forwardedHeaders(request: IncomingMessage): string[] {
    const headers: string[] = [];
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const name = request.rawHeaders[index] ?? '';
      const value = request.rawHeaders[index + 1] ?? '';
      const namesPort = /^(host|origin)$/i.test(name);
      headers.push(name, namesPort ? value.replace(new RegExp(`:${ownPort}$`), `:${target.port}`) : value);
    }
    return [...headers, 'Authorization', `Bearer ${gateway.token}`];
  }

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const onward = startRequest({
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: forwardedHeaders(request),
      agent: false,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  const server = createServer({ requireHostHeader: false }, forward);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ownPort = (server.address() as AddressInfo).port;

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return {
    port: ownPort,
    url: (path) => `http://localhost:${ownPort}${path}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}
